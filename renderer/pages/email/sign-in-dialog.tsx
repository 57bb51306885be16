import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { SignIn, SignInStatus } from '../../../shared/contract/ipc.ts';
import type { SmtpServerSettings } from '../../../shared/contract/settings.ts';
import { desktopBridge } from '../../api/ipc-client.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCall, useLoaded } from '../../hooks/use-call.ts';
import { useEvent } from '../../hooks/use-event.ts';
import { useNow } from '../../hooks/use-now.ts';
import { dialogLead, OAUTH, waitingText } from '../../strings/sign-in.ts';

type Flow = SignInStatus['flows'][number];

export interface SignInDialogProps {
  readonly server: SmtpServerSettings;
  readonly flows: readonly Flow[];
  readonly onClose: () => void;
}

const MINUTE_MS = 60_000;
/** An event that was missed while the page had no connection is made good by asking. */
const LOOK_EVERY_MS = 5000;

/** Begins a sign-in, says what somebody has to do, and waits live for what comes of it. Closing it calls the sign-in off. */
export function SignInDialog({ server, flows, onClose }: SignInDialogProps) {
  const [flow, setFlow] = useState<Flow | undefined>(flows[0]);
  const [signIn, setSignIn] = useState<SignIn | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const start = useCall('oauth.start', setRefusal);
  const cancel = useCall('oauth.cancel', () => {});
  const isBegun = useRef(false);

  const begin = async (way: Flow | undefined) => {
    setFlow(way);
    setSignIn(null);
    setRefusal(null);
    const reply = await start.run({ server, ...(way === undefined ? {} : { flow: way }) });
    if (reply?.outcome === 'started') setSignIn(reply.signIn);
    else if (reply?.outcome === 'refused') setRefusal(reply.sentence);
  };
  const beginOnce = useEffectEvent(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    void begin(flow);
  });
  useEffect(() => beginOnce(), []);
  const heard = (told: SignIn) => setSignIn((mine) => (mine?.id === told.id ? told : mine));
  useEvent('oauth.changed', heard);
  const close = () => {
    if (signIn?.state === 'waiting') void cancel.run({ id: signIn.id });
    onClose();
  };

  const other = flows.find((one) => one !== flow);
  const isDone = signIn?.state === 'signed-in';
  const failure = refusal ?? (signIn?.state === 'failed' ? signIn.sentence : null);
  const banner =
    failure !== null ? (
      <Banner state="critical" isUrgent>
        {failure}
      </Banner>
    ) : isDone ? (
      <Banner state={isOther(signIn) ? 'warning' : 'ok'} isUrgent>
        {signIn.sentence}
      </Banner>
    ) : null;
  return (
    <Dialog
      title={OAUTH.title}
      isOpen
      onClose={close}
      size="wide"
      banner={banner === null ? undefined : <div className="test-banner">{banner}</div>}
      footer={
        <>
          {!isDone && other !== undefined && (
            <Button look="quiet" onPress={() => void begin(other)} isDisabled={start.isPending}>
              {other === 'browser' ? OAUTH.byBrowser : OAUTH.byCode}
            </Button>
          )}
          {failure !== null && (
            <Button look="primary" onPress={() => void begin(flow)} isPending={start.isPending}>
              {OAUTH.again}
            </Button>
          )}
          <Button onPress={close}>{isDone ? OAUTH.close : OAUTH.cancel}</Button>
        </>
      }
    >
      {start.isPending && <p className="muted">{OAUTH.starting}</p>}
      {signIn?.state === 'waiting' && <Waiting key={signIn.id} signIn={signIn} onChanged={heard} />}
    </Dialog>
  );
}

/** Signed in with another account than the settings name. */
function isOther({ account, user }: SignIn): boolean {
  return account !== null && account.toLowerCase() !== user.toLowerCase();
}

interface WaitingProps {
  readonly signIn: SignIn;
  readonly onChanged: (signIn: SignIn) => void;
}

function Waiting({ signIn, onChanged }: WaitingProps) {
  const now = useNow(LOOK_EVERY_MS);
  const looked = useLoaded('oauth.get', { id: signIn.id }, now).value;
  const report = useEffectEvent(onChanged);
  useEffect(() => {
    if (looked !== null && looked.state !== 'waiting') report(looked);
  }, [looked]);
  const minutes = Math.max(1, Math.ceil((signIn.expiresAt - now) / MINUTE_MS));
  // The window of the desktop app opens no other pages.
  const isInBrowser = desktopBridge(globalThis.window) === null;
  return (
    <div className="stack">
      <p>{dialogLead(signIn)}</p>
      <p>{signIn.flow === 'device' ? OAUTH.open : OAUTH.openHere}</p>
      {signIn.flow === 'browser' && (
        <TextField
          label={OAUTH.link}
          isLabelHidden
          value={signIn.url}
          onChange={() => {}}
          isReadOnly
          multiline
        />
      )}
      <div className="sign-in-step">
        {signIn.flow === 'device' && (
          <span className="sign-in-address">
            {isInBrowser ? (
              <a href={signIn.url} target="_blank" rel="noreferrer">
                {signIn.url}
              </a>
            ) : (
              signIn.url
            )}
          </span>
        )}
        {isInBrowser && signIn.flow === 'browser' && (
          <a className="button button-primary" href={signIn.url} target="_blank" rel="noreferrer">
            {OAUTH.openButton}
          </a>
        )}
        <CopyButton text={signIn.url} label={OAUTH.copyLink} done={OAUTH.copied} />
      </div>
      {signIn.code !== null && (
        <>
          <p>{OAUTH.enter}</p>
          <div className="sign-in-step">
            <code className="sign-in-code">{signIn.code}</code>
            <CopyButton text={signIn.code} label={OAUTH.copyCode} done={OAUTH.copied} />
          </div>
        </>
      )}
      {signIn.flow === 'browser' && <Elsewhere id={signIn.id} />}
      <p className="muted" role="status">
        {waitingText(minutes)}
      </p>
    </div>
  );
}

/** For a browser that cannot come back by itself. */
function Elsewhere({ id }: { readonly id: string }) {
  const [address, setAddress] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const { run, isPending } = useCall('oauth.finish', setFault);
  const take = async () => {
    setFault(null);
    const reply = await run({ id, address: address.trim().slice(0, 8192) });
    if (reply !== null) setFault(reply.sentence);
  };
  return (
    <details>
      <summary>{OAUTH.elsewhere}</summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void take();
        }}
      >
        <TextField
          label={OAUTH.pasted}
          value={address}
          onChange={setAddress}
          note={OAUTH.elsewhereNote}
          fault={fault}
        />
        <div>
          <Button type="submit" isPending={isPending} isDisabled={address.trim() === ''}>
            {OAUTH.take}
          </Button>
        </div>
      </form>
    </details>
  );
}
