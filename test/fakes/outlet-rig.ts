import { createSmtpOutlet, type SmtpOutletOptions } from '../../mail/smtp-outlet.ts';
import type { Outlet } from '../../mail/outlet.ts';
import { systemClock } from '../../mail/platform/clock.ts';
import type { SmtpServerOptions } from '../../mail/smtp-server-options.ts';
import { sampleMessage } from './mail-samples.ts';
import { ScriptedSmtpServer, type Script } from './scripted-smtp-server.ts';

/** The password that must never be seen where it does not belong. */
export const CANARY = 'canary-7f3a-password';

const outlets = new Set<Outlet>();
const servers = new Set<ScriptedSmtpServer>();

/** Starts a server that is stopped by `cleanUp`. */
export async function scripted(script: Script = {}): Promise<ScriptedSmtpServer> {
  const server = await new ScriptedSmtpServer(script).start();
  servers.add(server);
  return server;
}

/** Options for a server on this computer. */
export function serverAt(port: number, changes: Partial<SmtpServerOptions> = {}): SmtpServerOptions {
  return { host: '127.0.0.1', port, security: 'none', auth: { method: 'none' }, ca: null, ...changes };
}

export const PASSWORD_AUTH = { method: 'password', user: 'tocsin', password: CANARY } as const;

/** Limits for servers that answer: only a machine that is very busy would pass them. */
const PROMPT_LIMITS = { connectMs: 4000, commandMs: 4000, messageMs: 4000 };
/** Limits for servers that keep one waiting, which the test then waits for as well. */
export const WAITING_LIMITS = { connectMs: 250, commandMs: 250, messageMs: 400 };

/** An outlet with short limits on the real clock, closed by `cleanUp`. */
export function outletFor(
  list: readonly SmtpServerOptions[],
  changes: Partial<SmtpOutletOptions> = {},
  onAvailable: () => void = () => {},
): Outlet {
  const outlet = createSmtpOutlet(
    {
      servers: list,
      from: { name: 'Tocsin', address: 'tocsin@contoso.example' },
      timeoutSeconds: 20,
      ehloName: 'front-desk.contoso.example',
      route: 'smtp',
      clock: systemClock,
      limits: { ...PROMPT_LIMITS, hedgeAfterMs: 2000 },
      ...changes,
    },
    { onAvailable },
  );
  outlets.add(outlet);
  return outlet;
}

/** Ends what the test made. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...servers].map((server) => server.stop()));
  servers.clear();
  await Promise.all([...outlets].map((outlet) => outlet.close()));
  outlets.clear();
}

/** Waits until something holds, for at most two seconds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !holds(); turn++) await new Promise((resolve) => setTimeout(resolve, 5));
  if (!holds()) throw new Error('what the test waits for did not happen within 2 s');
}

/** Everything a server was sent, with the encodings of AUTH taken off: where a password would show. */
export function allTheServerSaw(server: ScriptedSmtpServer): string {
  return server.commands
    .flatMap((line) => [line, ...line.split(' ').map((word) => Buffer.from(word, 'base64').toString('utf8'))])
    .join('\n');
}

/**
 * One server that answers by a script: its rule, the script, how the server is set up, and `stage code verdict` of the
 * one attempt that comes of it. The script and the set-up may be functions, for what exists only when tests run.
 */
export type MisbehaviourRow = readonly [
  rule: string,
  script: Script | (() => Script),
  setUp: Partial<SmtpServerOptions> | (() => Partial<SmtpServerOptions>),
  expected: string,
  seen?: { readonly password?: boolean; readonly messages?: number },
];

/** Sends one mail to such a server and says what came of it, and what the row has to say about that. */
export async function misbehaviour(row: MisbehaviourRow): Promise<{ found: unknown; expected: unknown }> {
  const [, script, setUp, expected, seen] = row;
  const answers = typeof script === 'function' ? script() : script;
  const server = await scripted(answers);
  const waits = /"(hang|drip)"/.test(JSON.stringify(answers)) || expected.includes('smtp_tls_failed');
  const limits = waits ? { limits: WAITING_LIMITS } : {};
  const outlet = outletFor([serverAt(server.port, typeof setUp === 'function' ? setUp() : setUp)], limits);
  const request = {
    message: sampleMessage(),
    recipients: ['it@contoso.example'],
    pinnedServer: null,
    attachments: [],
  };
  const attempts = await outlet.send(request);
  const found = attempts.map(
    ({ stage, code, outcomes }) => `${stage} ${code ?? '-'} ${outcomes[0]?.verdict ?? '-'}`,
  );
  const shown = JSON.stringify([attempts, outlet.health()]);
  return {
    found: {
      attempts: found,
      passwordSent: allTheServerSaw(server).includes(CANARY),
      passwordShown: shown.includes(CANARY),
      messagesReceived: server.received,
    },
    expected: {
      attempts: [expected],
      passwordSent: seen?.password ?? false,
      passwordShown: false,
      messagesReceived: seen?.messages ?? 0,
    },
  };
}
