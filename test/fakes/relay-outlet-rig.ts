import { generateKeyPairSync } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createRelayClient } from '../../electron/agent/dispatch/relay/client.ts';
import { createRelayOutlet, type RelayOutlet } from '../../electron/agent/dispatch/relay/relay-outlet.ts';
import type { SendRequest } from '../../mail/outlet.ts';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import type { Clock } from '../../shared/model/clock.ts';
import type { Attempt } from '../../shared/model/delivery.ts';
import type { Message } from '../../shared/model/message.ts';
import { aMessage } from './messages.ts';

const KEY = { keyId: 'key-1', privateKey: generateKeyPairSync('ed25519').privateKey };

/** The outlet to a service, and how often it was found to be back. */
export interface RelayOutletRig {
  readonly outlet: RelayOutlet;
  readonly send: (given?: Partial<Message>, more?: Partial<SendRequest>) => Promise<readonly Attempt[]>;
  readonly revived: () => number;
}

export function rigFor(
  url: string,
  given: { clock?: Clock; wholeMs?: number; earlier?: string[][] } = {},
): RelayOutletRig {
  const clock = given.clock ?? systemClock;
  const limits = { connectMs: 1000, wholeMs: given.wholeMs ?? 4000 };
  const client = createRelayClient({ url, ca: null, key: KEY, clock, random: systemRandom, limits });
  let revived = 0;
  const outlet = createRelayOutlet({
    client,
    clock,
    earlier: () => given.earlier ?? [],
    onAvailable: () => {
      revived += 1;
    },
    onAnswer: () => {},
  });
  onTestFinished(() => outlet.close());
  const send: RelayOutletRig['send'] = (message = {}, more = {}) => {
    const whole = aMessage({ route: 'relay', ...message });
    return outlet.send({
      message: whole,
      recipients: whole.recipients,
      pinnedServer: null,
      attachments: [],
      ...more,
    });
  };
  return { outlet, send, revived: () => revived };
}

/** `stage code verdict` of each attempt. */
export const said = (attempts: readonly Attempt[]) =>
  attempts.map(({ stage, code, outcomes }) => `${stage} ${code ?? '-'} ${outcomes[0]?.verdict ?? '-'}`);
