import './events.css';
import type { Settings, SmtpEventRule } from '../../../shared/contract/settings.ts';
import type { PageProps } from '../../app/pages.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { GoneDialog } from '../../editors/entry/gone-dialog.tsx';
import { EventRuleEditor } from '../../editors/event-rule/event-rule-editor.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { copyName } from '../../model/alert-row.ts';
import { EVENTS } from '../../strings/events.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { EventList } from './event-list.tsx';
import { RuleList } from './rule-list.tsx';

/** What is done when mail itself gets into trouble, and what has happened. */
export function EventsPage({ rest }: PageProps) {
  const router = useRouter();
  const { view, failure } = useSettings();
  const create = () => router.navigate('events', 'new', 'rule');
  if (view === null) {
    return (
      <>
        <PageHeader title={NAVIGATION.events} />
        {failure !== null && <Banner state="critical">{failure}</Banner>}
      </>
    );
  }
  const { smtpEvents } = view.settings;
  const close = () => router.navigate('events');
  const opened = rest.length === 0 ? null : openedBy(rest, view.settings);
  return (
    <>
      <PageHeader
        title={NAVIGATION.events}
        action={
          <Button look="primary" onPress={create}>
            {EVENTS.newRule}
          </Button>
        }
      />
      <p className="muted">{EVENTS.forAdministrators}</p>
      {smtpEvents.length === 0 ? (
        <EmptyState title={EVENTS.emptyTitle} action={<Button onPress={create}>{EVENTS.first}</Button>}>
          {EVENTS.empty}
        </EmptyState>
      ) : (
        <RuleList rules={smtpEvents} />
      )}
      <EventList />
      {opened !== null && <EventRuleEditor key={rest.join('/')} {...opened} onClose={close} />}
      {opened === null && rest.length > 0 && <GoneDialog title={rest.at(-1) ?? ''} onClose={close} />}
    </>
  );
}

interface Opened {
  readonly before: SmtpEventRule | null;
  readonly start: SmtpEventRule;
}

/** `#/events/NAME` opens a rule, `#/events/new/rule` a new one, `#/events/copy/NAME` a copy. */
function openedBy([first = '', second]: readonly string[], { smtpEvents }: Settings): Opened | null {
  const names = smtpEvents.map(({ name }) => name);
  const find = (name: string) => smtpEvents.find((rule) => rule.name === name) ?? null;
  if (second === undefined) {
    const before = find(first);
    return before === null ? null : { before, start: before };
  }
  if (first === 'copy') {
    const source = find(second);
    return source === null
      ? null
      : { before: null, start: { ...source, name: copyName(source.name, names) } };
  }
  return first === 'new' ? { before: null, start: newRule(names) } : null;
}

/** Begins with what most people come for: to be told when a mail is given up. */
function newRule(names: readonly string[]): SmtpEventRule {
  const isTaken = names.some((name) => name.toLowerCase() === EVENTS.newName.toLowerCase());
  return {
    name: isTaken ? copyName(EVENTS.newName, names) : EVENTS.newName,
    enabled: true,
    event: 'final-delivery-failed',
    conditions: {
      timeOfDay: null,
      daysOfWeek: null,
      server: null,
      port: null,
      emailAddress: null,
      ssl: null,
      requiresAuthentication: null,
      customerEmail: null,
    },
    actions: [{ type: 'notification-profile', maxFrequencyMinutes: 60 }],
  };
}
