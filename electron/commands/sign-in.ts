import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { SignIn } from '../../shared/contract/ipc.ts';
import type { SmtpServerSettings } from '../../shared/contract/settings.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { type Connection, connect } from './connect.ts';
import { CommandFailure, EXIT, type ExitStatus } from './exit.ts';
import { localTime } from './log.ts';
import type { Output } from './output.ts';

export interface SignInOptions {
  /** Host or `host:port` of a server of the settings; where there is one alone it may be left out. */
  readonly server: string | undefined;
  /** Left out: the provider's usual way. */
  readonly by: 'code' | 'browser' | undefined;
}

const LOOK_EVERY_MS = 500;

/** Signs in for a mail server by OAuth 2.0: says where to go, and waits; status 1 where nobody signed in. */
export async function signInCommand(
  dataDir: DataDir,
  { server: name, by }: SignInOptions,
  output: Output,
): Promise<ExitStatus> {
  const connection = await connect(dataDir);
  try {
    const server = await chooseServer(connection, name);
    const flow = by === 'code' ? 'device' : by;
    const reply = await connection.call('oauth.start', { server, ...(flow === undefined ? {} : { flow }) });
    if (reply.outcome === 'refused') throw new CommandFailure(EXIT.no, reply.sentence);
    // Whoever wants one document at the end reads what to do on stderr.
    for (const line of promptLines(reply.signIn)) {
      if (output.json) output.note(line);
      else output.line(line);
    }
    const ended = await ending(connection, reply.signIn, output);
    if (ended.state !== 'signed-in') throw new CommandFailure(EXIT.no, ended.sentence ?? 'Nobody signed in.');
    const { user, account, provider, sentence } = ended;
    const answer = { signedIn: true, server: ended.server, user, account, provider };
    output.answer({ ...answer, agentRunning: connection.running }, () => {
      output.line();
      output.line(sentence ?? '');
      output.line(
        connection.running
          ? 'What waited for this is sent now.'
          : 'It is used as soon as an agent runs: "tocsin run".',
      );
    });
    return EXIT.done;
  } finally {
    await connection.close();
  }
}

/** Forgets a sign-in; status 1 where there was none. */
export async function signOutCommand(
  dataDir: DataDir,
  name: string | undefined,
  output: Output,
): Promise<ExitStatus> {
  const connection = await connect(dataDir);
  try {
    const server = await chooseServer(connection, name);
    const { signedOut, sentence } = await connection.call('oauth.signOut', { server });
    if (!signedOut) throw new CommandFailure(EXIT.no, sentence);
    output.answer({ signedOut, server: `${server.host}:${server.port}`, sentence }, () =>
      output.line(sentence),
    );
    return EXIT.done;
  } finally {
    await connection.close();
  }
}

async function chooseServer({ call }: Connection, name: string | undefined): Promise<SmtpServerSettings> {
  const { smtp } = await call('settings.export', {});
  const candidates = smtp.servers.filter(({ auth }) => auth.method === 'oauth2');
  const wanted = name?.toLowerCase();
  const chosen = candidates.filter(
    ({ host, port }) =>
      wanted === undefined || [host, `${host}:${port}`].some((one) => one.toLowerCase() === wanted),
  );
  const [first] = chosen;
  if (first !== undefined && chosen.length === 1) return first;
  const list = candidates.map(({ host, port }) => `${host}:${port}`).join(', ');
  if (candidates.length === 0) {
    const text =
      'No mail server of the settings logs in by OAuth 2.0. Set "auth": {"method": "oauth2", …} for it, and import the settings.';
    throw new CommandFailure(EXIT.no, text);
  }
  throw new CommandFailure(
    EXIT.usage,
    first === undefined
      ? `No server ${name ?? ''} logs in by OAuth 2.0; there is ${list}.`
      : `Several servers log in by OAuth 2.0: name one by --server: ${list}.`,
  );
}

function promptLines({ user, provider, flow, url, code, expiresAt }: SignIn): string[] {
  const until = localTime(expiresAt);
  const head = `Sign in as ${user} with ${provider}:`;
  if (flow === 'device') {
    return [
      head,
      '',
      `  1. Open   ${url}   on any computer or phone`,
      `  2. Enter  ${code ?? ''}`,
      '',
      `Waiting until ${until} …`,
    ];
  }
  return [
    head,
    '',
    '  Open this address in a browser of this computer:',
    '',
    `  ${url}`,
    '',
    ...(process.stdin.isTTY
      ? [
          '  A browser of another computer ends at an address that does not open (http://127.0.0.1:… or',
          '  http://localhost:…). Paste that address here, and press Enter.',
          '',
        ]
      : []),
    `Waiting until ${until} …`,
  ];
}

/** Looks until it is over. An address that is pasted meanwhile is handed on. */
async function ending(connection: Connection, begun: SignIn, output: Output): Promise<SignIn> {
  const { id } = begun;
  const lines =
    begun.flow === 'browser' && process.stdin.isTTY ? createInterface({ input: process.stdin }) : null;
  lines?.on('line', (address) => {
    if (address.trim() === '') return;
    connection.call('oauth.finish', { id, address: address.slice(0, 8192) }).then(
      ({ sentence }) => {
        if (sentence !== null) output.note(sentence);
      },
      (error: unknown) => output.note(error instanceof Error ? error.message : String(error)),
    );
  });
  try {
    for (;;) {
      const now = await connection.call('oauth.get', { id });
      if (now === null)
        throw new CommandFailure(
          EXIT.no,
          'The agent knows nothing of this sign-in any more. Start it again.',
        );
      if (now.state !== 'waiting') return now;
      await wait(LOOK_EVERY_MS);
    }
  } finally {
    lines?.close();
  }
}
