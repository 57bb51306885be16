import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { MailboxServer } from '../../../../../electron/agent/mailbox/mailbox-session.ts';
import { testMailbox } from '../../../../../electron/agent/mailbox/test-mailbox.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import type { TestStage } from '../../../../../shared/contract/ipc.ts';
import { makeCertificates, type TestCertificates } from '../../../../fakes/certificates.ts';
import { ScriptedImapServer, type ImapScript } from '../../../../fakes/scripted-imap-server.ts';
import { type Pop3Script, ScriptedPop3Server } from '../../../../fakes/scripted-pop3-server.ts';

let certificates: TestCertificates;
beforeAll(() => {
  certificates = makeCertificates();
});

interface Row {
  readonly rule: string;
  readonly pop3?: Pop3Script;
  readonly imap?: ImapScript;
  /** Of the server's certificate. */
  readonly certificate?: 'good' | 'otherName';
  readonly given?: Partial<MailboxServer>;
  /** The stages, each with what came of it. */
  readonly stages: string;
  /** What went wrong, and what to do. */
  readonly says?: RegExp;
}

const ROWS: readonly Row[] = [
  { rule: 'POP3, unencrypted', stages: 'dns+ connect+ tls- greeting+ auth+ data+' },
  { rule: 'IMAP, unencrypted', imap: {}, stages: 'dns+ connect+ tls- greeting+ auth+ data+' },
  {
    rule: 'POP3 with STLS: after the greeting',
    certificate: 'good',
    given: { security: 'starttls' },
    stages: 'dns+ connect+ greeting+ tls+ auth+ data+',
  },
  {
    rule: 'POP3 with TLS: before it',
    pop3: { implicitTls: true },
    certificate: 'good',
    given: { security: 'tls' },
    stages: 'dns+ connect+ tls+ greeting+ auth+ data+',
  },
  {
    rule: 'IMAP with TLS',
    imap: { implicitTls: true },
    certificate: 'good',
    given: { security: 'tls' },
    stages: 'dns+ connect+ tls+ greeting+ auth+ data+',
  },
  {
    rule: 'a refused login',
    pop3: { pass: '-ERR [AUTH] no' },
    stages: 'dns+ connect+ tls- greeting+ auth! data-',
    says: /refused the user name or password.*\[AUTH\] no/,
  },
  {
    rule: 'a login refused by IMAP',
    imap: { login: 'NO [AUTHENTICATIONFAILED] no' },
    stages: 'dns+ connect+ tls- greeting+ auth! data-',
    says: /refused the user name or password/,
  },
  {
    rule: 'no password is known',
    given: { password: null },
    stages: 'dns+ connect+ tls- greeting+ auth! data-',
    says: /password cannot be read/,
  },
  {
    rule: 'another service on that port',
    pop3: { greeting: '220 mail.contoso.example ESMTP' },
    stages: 'dns+ connect+ tls- greeting! auth- data-',
    says: /does not speak POP3.* 110 takes none or STARTTLS, 995 takes TLS/,
  },
  {
    rule: 'turned away by IMAP',
    imap: { greeting: '* BYE busy\r\n' },
    stages: 'dns+ connect+ tls- greeting! auth- data-',
    says: /mailbox server/,
  },
  {
    rule: 'no STLS',
    pop3: { stls: '-ERR what' },
    given: { security: 'starttls' },
    stages: 'dns+ connect+ greeting+ tls! auth- data-',
    says: /offers no encryption.* port 995/,
  },
  {
    rule: 'a certificate of another name',
    imap: { implicitTls: true },
    certificate: 'otherName',
    given: { security: 'tls' },
    stages: 'dns+ connect+ tls! greeting- auth- data-',
    says: /belongs to another name/,
  },
  {
    rule: 'a name that does not exist',
    given: { host: 'no-such-host.invalid' },
    stages: 'dns! connect- tls- greeting- auth- data-',
    says: /IP address of the specified mailbox server no-such-host\.invalid cannot be resolved/,
  },
  {
    rule: 'nobody listens',
    given: { port: 1 },
    stages: 'dns+ connect! tls- greeting- auth- data-',
    says: /mailbox server localhost:1 refused the connection.*blocked by a firewall/,
  },
];

const MARKS = { ok: '+', failed: '!', skipped: '-' } as const;

async function serverOf({ pop3 = {}, imap, certificate }: Row) {
  const tls = certificate === undefined ? {} : { certificate: certificates[certificate] };
  const server =
    imap === undefined
      ? new ScriptedPop3Server({ ...pop3, ...tls })
      : new ScriptedImapServer({ ...imap, ...tls });
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

describe('the test of a mailbox', () => {
  test.each(ROWS)('$rule: $stages', async (row) => {
    const server = await serverOf(row);
    const to: MailboxServer = {
      protocol: row.imap === undefined ? 'pop3' : 'imap',
      host: 'localhost',
      port: server.port,
      security: 'none',
      user: 'bounces',
      password: 'canary-secret',
      ca: certificates.ca,
      ...row.given,
    };
    const told: TestStage[] = [];
    const report = await testMailbox(to, systemClock, (stage) => told.push(stage));
    expect(report.stages.map(({ stage, outcome }) => stage + MARKS[outcome]).join(' ')).toBe(row.stages);
    expect(told).toEqual(report.stages);
    expect(report.opened).toBe(row.says === undefined);
    const fault = report.stages.find(({ outcome }) => outcome === 'failed');
    if (row.says !== undefined) {
      expect(`${fault?.sentence} ${fault?.cause} ${fault?.mend} ${fault?.reply}`).toMatch(row.says);
      expect(report.sentence).toBe(fault?.sentence);
      expect(`${fault?.sentence} ${fault?.cause} ${fault?.mend}`).not.toContain('SMTP server ');
    }
    expect(JSON.stringify(report)).not.toContain('canary-secret');
  });

  test('mails are counted and left alone', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', 'Subject: x\r\n\r\n').set('b', 'Subject: y\r\n\r\n');
    const to = { protocol: 'pop3', host: '127.0.0.1', port: server.port, security: 'none' } as const;
    const report = await testMailbox({ ...to, user: 'u', password: 'p', ca: null }, systemClock);
    expect(report.stages.at(-1)).toMatchObject({ title: 'Mailbox opened', detail: '2 mails' });
    expect(server.commands).toEqual(['USER u', 'PASS p', 'UIDL', 'QUIT']);
  });
});
