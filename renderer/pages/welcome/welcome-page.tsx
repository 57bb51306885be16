import './welcome.css';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { failureText } from '../../api/failure-text.ts';
import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useClient } from '../../hooks/client.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useRouter, useUnsavedGuard } from '../../hooks/use-router.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { useStatus } from '../../hooks/use-status.tsx';
import { faultsWithin } from '../../model/fault-text.ts';
import { isSame } from '../../model/settings-change.ts';
import { doneText, WELCOME } from '../../strings/welcome.ts';
import { emailChange } from '../email/email-draft.ts';
import { PeopleStep } from './people-step.tsx';
import { ServerStep } from './server-step.tsx';
import { WatchStep } from './watch-step.tsx';
import { applyWelcome, firstWelcomeDraft, incomplete, type WelcomeDraft } from './welcome-draft.ts';

type Step = 1 | 2 | 3;

/** From nothing to the first alert in three steps: where mail goes, who gets it, what to watch. */
export function WelcomePage() {
  const { view } = useSettings();
  const status = useStatus();
  const inventory = useLoaded('inventory.get', {});
  if (view === null || status === null || inventory.state === 'loading')
    return <PageHeader title={WELCOME.title} />;
  const names = inventory.value ?? NO_NAMES;
  return <Welcome settings={view.settings} computer={status.installation} names={names} />;
}

const NO_NAMES: ReplyOf<'inventory.get'> = {
  mounts: [],
  interfaces: [],
  processes: [],
  services: [],
  batteries: false,
};

interface WelcomeProps {
  readonly settings: Settings;
  readonly computer: string;
  readonly names: ReplyOf<'inventory.get'>;
}

function Welcome({ settings: current, computer, names }: WelcomeProps) {
  const client = useClient();
  const router = useRouter();
  const { save } = useSettings();
  // What it began from: what others save meanwhile must not go under it.
  const [settings] = useState(current);
  const [first] = useState(() => firstWelcomeDraft(settings, computer, names.mounts));
  const [draft, setDraft] = useState(first);
  const [step, setStep] = useState<Step>(1);
  const [faults, setFaults] = useState<readonly SettingsFault[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState<WelcomeDraft | null>(null);
  const leave = useUnsavedGuard(done === null && !isSame(draft, first));

  const change = (changed: Partial<WelcomeDraft>) => setDraft((before) => ({ ...before, ...changed }));
  const goTo = (next: Step) => {
    setFaults([]);
    setStep(next);
  };
  const carryOn = async () => {
    const found = ownFaults(draft, step);
    setFaults(found);
    setFailure(null);
    if (found.length > 0) return;
    setBusy(true);
    try {
      const document = applyWelcome(draft, settings, step);
      const checked = await client.call('settings.check', { settings: document });
      const wrong = [...checked.faults, ...missingPassword(draft, checked.warnings)];
      if (wrong.length > 0) setFaults(wrong);
      else if (step < 3) goTo(step === 1 ? 2 : 3);
      else await finish(document);
    } catch (error) {
      setFailure(failureText(error));
    } finally {
      setBusy(false);
    }
  };
  const finish = async (document: Settings) => {
    const outcome = await save(emailChange(settings, document, ['alerts']));
    if (outcome.outcome === 'saved') setDone(draft);
    else if (outcome.outcome === 'invalid') setFaults(outcome.faults);
    else setFailure(outcome.sentence);
  };

  if (done !== null) return <Done draft={done} />;
  const elsewhere = faults.filter((fault) => faultsWithin([fault], SHOWN[step]).length === 0);
  return (
    <>
      <PageHeader
        title={WELCOME.title}
        action={<Button onPress={() => leave(() => router.navigate('overview'))}>{WELCOME.skip}</Button>}
      />
      <p className="muted">{WELCOME.intro}</p>
      <ol className="steps" aria-label={WELCOME.progress}>
        {WELCOME.steps.map((title, index) => (
          <li key={title} className="step" aria-current={index + 1 === step ? 'step' : undefined}>
            <span className="step-number">{index + 1}</span>
            {title}
          </li>
        ))}
      </ol>
      {failure !== null && (
        <Banner state="critical" isUrgent>
          {failure}
        </Banner>
      )}
      {elsewhere.map(({ path, message }) => (
        <Banner key={`${path} ${message}`} state="critical" isUrgent>
          {path} {message}
        </Banner>
      ))}
      <form
        className="welcome-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void carryOn();
        }}
      >
        <StepHeading key={step}>{WELCOME.steps[step - 1]}</StepHeading>
        {step === 1 && <ServerStep draft={draft} change={change} settings={settings} faults={faults} />}
        {step === 2 && <PeopleStep draft={draft} change={change} faults={faults} />}
        {step === 3 && (
          <WatchStep draft={draft} change={change} settings={settings} names={names} faults={faults} />
        )}
        <div className="row">
          {step > 1 && <Button onPress={() => goTo(step === 3 ? 2 : 1)}>{WELCOME.back}</Button>}
          <Button type="submit" look="primary" isPending={isBusy}>
            {step === 3 ? WELCOME.finish : WELCOME.next}
          </Button>
        </div>
      </form>
    </>
  );
}

/** Where each step shows faults at its fields. */
const SHOWN: Readonly<Record<Step, readonly string[]>> = {
  1: ['smtp', 'installation'],
  2: ['profile'],
  3: ['templates'],
};

/** What a step asks for beyond the rules of the settings. */
function ownFaults(draft: WelcomeDraft, step: Step): readonly SettingsFault[] {
  if (step === 2 && draft.people.length === 0) return [{ path: 'profile.emails', message: WELCOME.nobody }];
  if (step === 3)
    return incomplete(draft).map(({ id }) => ({ path: `templates.${id}`, message: WELCOME.noTarget }));
  return [];
}

/** Allowed in the settings, but here it is what was forgotten. */
function missingPassword(draft: WelcomeDraft, warnings: readonly SettingsFault[]): readonly SettingsFault[] {
  if (draft.where !== 'server') return [];
  return warnings.filter(({ path }) => path === 'smtp.servers[0].auth.password');
}

/** Takes the focus when its step appears, so that the keyboard goes on from there and its name is read out. */
function StepHeading({ children }: { readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}

function Done({ draft }: { readonly draft: WelcomeDraft }) {
  const practises = draft.where === 'practice';
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  return (
    <>
      <PageHeader title={WELCOME.title} />
      <Banner state={practises ? 'warning' : 'ok'} isUrgent>
        <strong>{WELCOME.doneTitle}</strong> {doneText(draft.chosen.length, draft.people, practises)}
      </Banner>
      <div className="row welcome-links">
        <a ref={link} href={hrefOf('overview')}>
          {WELCOME.toOverview}
        </a>
        <a href={hrefOf('alerts')}>{WELCOME.toAlerts}</a>
        {practises && <a href={hrefOf('practice')}>{WELCOME.toPractice}</a>}
      </div>
    </>
  );
}
