import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ErrorCode, errorSentence } from '../../shared/errors.ts';
import { adviceOn } from '../../shared/smtp-sentences.ts';
import { makeCertificates, type TestCertificates } from '../fakes/certificates.ts';
import { type Script, ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { freePort } from '../integration/support/scratch.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { fillServer, openEmail, runTest, serverCard, type ServerEntry } from './support/email-page.ts';
import { frontDeskSettings } from './support/front-desk.ts';

const TO = 'admin@provider.example';
const LOGIN: ServerEntry = { user: 'tocsin', password: 'canary-of-the-form' };
const FIREWALL = 'Connection to the SMTP server may be blocked by a firewall';

let browser: Browser;
let desk: ConsoleRig;
let certificates: TestCertificates;
let caFile: string;

beforeAll(async () => {
  browser = await connectToBrowser();
  desk = await startConsoleRig({ settings: (dir) => frontDeskSettings(dir, 9) });
  certificates = makeCertificates();
  caFile = join(desk.agent.dir, 'ca.pem');
  writeFileSync(caFile, certificates.ca);
});
afterAll(async () => {
  await desk.dispose();
  await browser.close();
});

interface Fault {
  readonly script?: () => Script;
  readonly entry?: () => ServerEntry;
  /** The server's own words, which the dialog must show. */
  readonly words?: string;
  /** Whether nothing listens there. */
  readonly isClosed?: boolean;
}

/** Each fault of the table that a first server can have, and a server that has it. */
const FAULTS: Partial<Record<ErrorCode, Fault>> = {
  smtp_connection_refused: { isClosed: true },
  smtp_connection_timeout: { script: () => ({ greeting: 'hang' }) },
  smtp_blocked: { script: () => ({ greeting: 'reset' }) },
  smtp_not_smtp: { script: () => ({ greeting: { drop: 'HTTP/1.1 400 Bad Request' } }) },
  smtp_tls_failed: { entry: () => ({ security: 'TLS' }) },
  smtp_certificate_untrusted: {
    script: () => ({ certificate: certificates.good }),
    entry: () => ({ host: 'localhost', security: 'STARTTLS' }),
  },
  smtp_certificate_expired: {
    script: () => ({ certificate: certificates.expired }),
    entry: () => ({ host: 'localhost', security: 'STARTTLS', caFile }),
  },
  smtp_certificate_name: {
    script: () => ({ certificate: certificates.otherName }),
    entry: () => ({ host: 'localhost', security: 'STARTTLS', caFile }),
  },
  smtp_certificate_changed: {
    script: () => ({ certificate: certificates.good }),
    entry: () => ({ host: 'localhost', security: 'STARTTLS', certificateSha256: 'AB'.repeat(32) }),
  },
  smtp_starttls_missing: { entry: () => ({ security: 'STARTTLS' }) },
  smtp_auth_failed: {
    script: () => ({ auth: '535 5.7.8 Authentication credentials invalid' }),
    entry: () => LOGIN,
    words: '535 5.7.8 Authentication credentials invalid',
  },
  smtp_auth_method_disabled: {
    script: () => ({
      auth: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant',
    }),
    entry: () => LOGIN,
    words: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant',
  },
  smtp_sender_rejected: {
    script: () => ({ mail: '550 5.7.1 Not from here' }),
    words: '550 5.7.1 Not from here',
  },
  smtp_recipient_rejected: {
    script: () => ({ rcpt: '550 5.1.1 No such user' }),
    words: '550 5.1.1 No such user',
  },
  smtp_relaying_denied: {
    script: () => ({ rcpt: '554 5.7.1 Relay access denied' }),
    words: '554 5.7.1 Relay access denied',
  },
  smtp_message_rejected: { script: () => ({ dot: '554 5.7.1 Spam' }), words: '554 5.7.1 Spam' },
  smtp_temporary: {
    script: () => ({ mail: '451 4.7.1 Come back later' }),
    words: '451 4.7.1 Come back later',
  },
  smtp_outcome_unknown: { script: () => ({ dot: 'drop' }) },
};

describe('the Test dialog', () => {
  test.each(Object.entries(FAULTS) as [ErrorCode, Fault][])('%s', async (code, fault) => {
    const server = new ScriptedSmtpServer(fault.script?.() ?? {});
    const port = fault.isClosed === true ? await freePort() : (await server.start()).port;
    const { page, complaints, close } = await desk.open(browser);
    await openEmail(page);
    const entry: ServerEntry = { host: '127.0.0.1', ...fault.entry?.(), port };
    await fillServer(page, serverCard(page), entry);
    if (code === 'smtp_connection_timeout') {
      await page.getByLabel('Give up on an answer after').fill('1');
      await page.keyboard.press('Tab');
    }
    const dialog = await runTest(page, TO);
    const alert = dialog.getByRole('alert');
    const said = (await alert.textContent()) ?? '';
    expect(said).toContain(errorSentence(code, { server: entry.host ?? '', recipient: TO }));
    const { cause, mend } = adviceOn(code, fault.words ?? null);
    expect(said).toContain(cause);
    expect(said).toContain(mend);
    expect(said).toContain(fault.words ?? '');
    const isFirewall = ['smtp_connection_refused', 'smtp_connection_timeout', 'smtp_blocked'].includes(code);
    expect(said.includes(FIREWALL)).toBe(isFirewall);
    expect(said).not.toMatch(/accepted by/i);
    // It stands at the top of the dialog (C5).
    const [top, field] = await Promise.all([
      alert.boundingBox(),
      dialog.getByLabel('Send a test message to').boundingBox(),
    ]);
    expect(top?.y).toBeLessThan(field?.y ?? 0);
    expect(complaints).toEqual([]);
    await close();
    await server.stop();
  });

  test('a name that does not resolve says so, with both causes', async () => {
    const { page, close } = await desk.open(browser);
    await openEmail(page);
    await fillServer(page, serverCard(page), { host: 'no-such-host.invalid' });
    const dialog = await runTest(page, TO);
    const said = await dialog.getByRole('alert').textContent();
    // Without a network, DNS does not answer at all.
    expect(said).toMatch(
      /The IP address of the specified SMTP server no-such-host\.invalid cannot be resolved/,
    );
    await close();
  });
});
