import './sign-in.css';
import { useState } from 'react';
import type { SignInStatus } from '../../../shared/contract/ipc.ts';
import type { SmtpServerSettings } from '../../../shared/contract/settings.ts';
import { Button } from '../../components/button.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { exactShortTime } from '../../components/time-ago.tsx';
import { tellDone } from '../../components/toast.tsx';
import { useCall, useLoaded } from '../../hooks/use-call.ts';
import { useDebounced } from '../../hooks/use-debounced.ts';
import { useEvent } from '../../hooks/use-event.ts';
import { useStatus } from '../../hooks/use-status.tsx';
import type { State } from '../../model/state.ts';
import { OAUTH, signedInText, stateWord } from '../../strings/sign-in.ts';
import { SignInDialog } from './sign-in-dialog.tsx';

/** Who is signed in for a server as it stands in the form, and the ways in and out. They take effect at once, without Save. */
export function SignInBox({ server }: { readonly server: SmtpServerSettings }) {
  const [changes, setChanges] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const settled = useDebounced(JSON.stringify(server));
  const asked = JSON.parse(settled) as SmtpServerSettings;
  // That it has ended is found out when mail leaves, which shows in the agent's status.
  const routes = JSON.stringify([useStatus()?.routes, changes]);
  const status = useLoaded('oauth.status', { server: asked }, routes).value;
  const signOut = useCall('oauth.signOut');
  useEvent('oauth.changed', () => setChanges((count) => count + 1));
  // The entries lack something that is marked at its field.
  if (status === null) return null;
  const hasSignIn = status.state === 'signed-in' || status.state === 'ended';
  const leave = async () => {
    const reply = await signOut.run({ server });
    if (reply !== null) tellDone(reply.sentence);
    setChanges((count) => count + 1);
  };
  return (
    <div className="sign-in-box fields-inset">
      <div className="sign-in-state">
        <StateMark
          state={stateOf(status.state)}
          word={status.state === 'signed-in' ? signedInText(status) : stateWord(status.state)}
        />
        <Facts status={status} />
      </div>
      <div className="row">
        {hasSignIn && (
          <Button look="quiet" onPress={() => void leave()} isPending={signOut.isPending}>
            {OAUTH.signOut}
          </Button>
        )}
        <Button
          look={hasSignIn && status.state !== 'ended' ? 'default' : 'primary'}
          onPress={() => setOpen(true)}
          isDisabled={status.state === 'not-set-up'}
        >
          {hasSignIn ? OAUTH.signInAgain : OAUTH.signIn}
        </Button>
      </div>
      {isOpen && <SignInDialog server={server} flows={status.flows} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Facts({ status }: { readonly status: SignInStatus }) {
  const { state, signedInAt, tokenUntil, sentence } = status;
  if (state !== 'signed-in') return <span className="muted">{sentence}</span>;
  const facts = [
    ...(signedInAt === null ? [] : [`since ${exactShortTime(signedInAt)}`]),
    tokenUntil === null
      ? 'renewed by itself'
      : `access until ${exactShortTime(tokenUntil)}, renewed by itself before`,
  ];
  return <span className="muted">{facts.join('; ')}</span>;
}

function stateOf(state: SignInStatus['state']): State {
  switch (state) {
    case 'signed-in':
      return 'ok';
    case 'signed-out':
      return 'warning';
    case 'ended':
      return 'critical';
    case 'not-set-up':
      return 'unknown';
  }
}
