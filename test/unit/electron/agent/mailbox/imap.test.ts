import { describe, expect, onTestFinished, test } from 'vitest';
import { type MailboxServer } from '../../../../../electron/agent/mailbox/mailbox-session.ts';
import { makeCertificates } from '../../../../fakes/certificates.ts';
import { failureOf, openAt } from '../../../../fakes/mailbox-rig.ts';
import { type ImapScript, ScriptedImapServer } from '../../../../fakes/scripted-imap-server.ts';

const certificates = makeCertificates();

async function serve(script: ImapScript = {}): Promise<ScriptedImapServer> {
  const server = await new ScriptedImapServer(script).start();
  onTestFinished(() => server.stop());
  return server;
}

/** Opens the mailbox of a server. */
function open(
  server: ScriptedImapServer,
  given: Partial<MailboxServer> = {},
  options: Parameters<typeof openAt>[1] = {},
) {
  return openAt({ protocol: 'imap', port: server.port, ...given }, options);
}

const MAIL = 'Subject: one\r\nMessage-ID: <a@b.example>\r\n\r\nFirst\r\nLast\r\n';

describe('an IMAP mailbox', () => {
  test('is read without marking anything as read, and cleared', async () => {
    const server = await serve();
    server.mails.set(7, MAIL).set(9, 'Subject: two\r\n\r\nBody\r\n');
    const session = await open(server);
    expect(await session.list()).toEqual(['77.7', '77.9']);
    expect(await session.headers('77.7')).toBe('Subject: one\r\nMessage-ID: <a@b.example>\r\n\r\n');
    expect(Buffer.from((await session.read('77.7')) ?? []).toString()).toBe(MAIL);
    expect(await session.read('77.8')).toBeNull();
    await session.remove('77.9');
    await session.close();
    expect([...server.mails.keys()]).toEqual([7]);
    expect([...server.seen]).toEqual([]);
  });

  test.each([
    ['STARTTLS', 'starttls', false],
    ['TLS', 'tls', true],
  ] as const)('%s: the password goes out encrypted', async (_name, security, implicitTls) => {
    const server = await serve({ certificate: certificates.good, implicitTls });
    const session = await open(server, { security });
    const verbs = server.commands.map((line) => line.split(' ')[0]);
    expect(verbs.filter((verb) => verb === 'LOGIN')).toHaveLength(1);
    if (security === 'starttls') expect(verbs.indexOf('STARTTLS')).toBeLessThan(verbs.indexOf('LOGIN'));
    await session.close();
  });
});

interface Row {
  readonly rule: string;
  readonly script: ImapScript;
  readonly given?: Partial<MailboxServer>;
  readonly failure: RegExp;
}

const FAILURES: readonly Row[] = [
  {
    rule: 'a wrong password',
    script: { login: 'NO [AUTHENTICATIONFAILED] no' },
    failure: /^auth mailbox_login_failed$/,
  },
  { rule: 'not now', script: { login: 'NO [UNAVAILABLE] later' }, failure: /^auth smtp_temporary$/ },
  { rule: 'turned away', script: { greeting: '* BYE busy\r\n' }, failure: /^connect smtp_/ },
  {
    rule: 'no STARTTLS',
    script: {},
    given: { security: 'starttls' },
    failure: /^tls smtp_starttls_missing$/,
  },
  { rule: 'no password', script: {}, given: { password: null }, failure: /^auth secret_unavailable$/ },
];

test.each(FAILURES)('$rule: $failure', async ({ script, given = {}, failure }) => {
  const server = await serve(script);
  expect(await failureOf(open(server, given))).toMatch(failure);
  if (given.security === 'starttls')
    expect(server.commands.filter((line) => line.startsWith('LOGIN'))).toEqual([]);
});

test('nobody listens', async () => {
  const server = await serve();
  await server.stop();
  expect(await failureOf(open(server))).toBe('connect smtp_connection_refused');
});

test('a certificate of another name: nothing is said', async () => {
  const server = await serve({ certificate: certificates.otherName, implicitTls: true });
  expect(await failureOf(open(server, { security: 'tls' }))).toBe('tls smtp_certificate_name');
  expect(server.commands).toEqual([]);
});

test('a server that falls silent is left when the check is called off', async () => {
  const server = await serve({ silent: ['SEARCH'] });
  const stop = new AbortController();
  const session = await open(server, {}, { stop });
  const listing = failureOf(session.list());
  setTimeout(() => stop.abort(), 50);
  expect(await listing).toMatch(/^data smtp_/);
});
