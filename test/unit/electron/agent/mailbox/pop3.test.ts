import { describe, expect, onTestFinished, test } from 'vitest';
import { type MailboxServer } from '../../../../../electron/agent/mailbox/mailbox-session.ts';
import { makeCertificates, type TestCertificates } from '../../../../fakes/certificates.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { failureOf, openAt } from '../../../../fakes/mailbox-rig.ts';
import { type Pop3Script, ScriptedPop3Server } from '../../../../fakes/scripted-pop3-server.ts';

const certificates = makeCertificates();

async function serve(script: Pop3Script = {}): Promise<ScriptedPop3Server> {
  const server = await new ScriptedPop3Server(script).start();
  onTestFinished(() => server.stop());
  return server;
}

/** Opens the mailbox of a server. */
function open(
  server: ScriptedPop3Server,
  given: Partial<MailboxServer> = {},
  options: Parameters<typeof openAt>[1] = {},
) {
  return openAt({ protocol: 'pop3', port: server.port, ...given }, options);
}

const MAIL = 'Subject: one\r\nMessage-ID: <a@b.example>\r\n\r\nFirst\r\n.dot\r\n\r\nLast';

describe('a POP3 mailbox', () => {
  test.each([1, 3, 1000])(
    'is read and cleared, however the answers are cut (%d bytes)',
    async (pieceBytes) => {
      const server = await serve({ pieceBytes });
      server.mails.set('uid-a', MAIL).set('uid-b', 'Subject: two\r\n\r\nBody');
      const session = await open(server);
      expect(await session.list()).toEqual(['uid-a', 'uid-b']);
      expect(await session.headers('uid-a')).toBe('Subject: one\r\nMessage-ID: <a@b.example>\r\n\r\n');
      expect(Buffer.from((await session.read('uid-a')) ?? []).toString()).toBe(`${MAIL}\r\n`);
      // RETR would mark it as read.
      expect(server.commands.filter((line) => line.startsWith('RETR'))).toEqual([]);
      await session.remove('uid-b');
      expect([...server.mails.keys()]).toEqual(['uid-a', 'uid-b']);
      await session.close();
      expect([...server.mails.keys()]).toEqual(['uid-a']);
    },
  );

  test('a server without TOP: the mail itself is read for its headers', async () => {
    const server = await serve({ top: '-ERR what' });
    server.mails.set('uid-a', MAIL);
    const session = await open(server);
    await session.list();
    expect(await session.headers('uid-a')).toBe('Subject: one\r\nMessage-ID: <a@b.example>');
    await session.close();
  });

  test.each([
    ['STARTTLS', 'starttls', false],
    ['TLS', 'tls', true],
  ] as const)('%s: the password goes out encrypted', async (_name, security, implicitTls) => {
    const server = await serve({ certificate: certificates.good, implicitTls });
    const session = await open(server, { security });
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toEqual(['PASS secret']);
    await session.close();
  });
});

interface Row {
  readonly rule: string;
  readonly script: Pop3Script;
  readonly given?: Partial<MailboxServer>;
  readonly failure: string;
  readonly certificate?: keyof Omit<TestCertificates, 'ca'>;
}

const FAILURES: readonly Row[] = [
  { rule: 'a wrong password', script: { pass: '-ERR [AUTH] no' }, failure: 'auth mailbox_login_failed' },
  { rule: 'an unknown user', script: { user: '-ERR who' }, failure: 'auth mailbox_login_failed' },
  {
    rule: 'somebody else reads it',
    script: { pass: '-ERR [IN-USE] locked' },
    failure: 'auth smtp_temporary',
  },
  {
    rule: 'trouble of the server’s',
    script: { pass: '-ERR [SYS/TEMP] disk' },
    failure: 'auth smtp_temporary',
  },
  { rule: 'not POP3', script: { greeting: '220 mail ESMTP' }, failure: 'greeting smtp_not_smtp' },
  { rule: 'cut off', script: { greeting: 'drop' }, failure: 'greeting smtp_blocked' },
  {
    rule: 'no STARTTLS',
    script: { stls: '-ERR no' },
    given: { security: 'starttls' },
    failure: 'tls smtp_starttls_missing',
  },
  {
    rule: 'words slipped in before TLS begins',
    script: { stls: '+OK\r\n+OK slipped in' },
    given: { security: 'starttls' },
    failure: 'tls smtp_tls_failed',
  },
  { rule: 'no password', script: {}, given: { password: null }, failure: 'auth secret_unavailable' },
  {
    rule: 'a password of two lines',
    script: {},
    given: { password: 'a\r\nDELE 1' },
    failure: 'auth secret_unavailable',
  },
];

test.each(FAILURES)('$rule: $failure', async ({ script, given = {}, failure }) => {
  const server = await serve(script);
  expect(await failureOf(open(server, given))).toBe(failure);
  expect(server.commands.filter((line) => line.startsWith('DELE'))).toEqual([]);
});

test('a certificate of another name: nothing is said', async () => {
  const server = await serve({ certificate: certificates.otherName, implicitTls: true });
  expect(await failureOf(open(server, { security: 'tls' }))).toBe('tls smtp_certificate_name');
  expect(server.commands).toEqual([]);
});

test.each([
  ['says nothing', 'hang'],
  ['says one byte after another', 'drip'],
])('a server that %s is given up after 30 s', async (_rule, uidl) => {
  const server = await serve({ uidl });
  const clock = new FakeClock();
  const opening = open(server, {}, { clock });
  for (let n = 0; n < 50 && !server.commands.includes('PASS secret'); n++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const session = await opening;
  const listing = failureOf(session.list());
  await clock.advance(30_000);
  expect(await listing).toBe('data smtp_connection_timeout');
});
