import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RealAgent, startRealAgent } from '../../fakes/real-agent.ts';
import { makeScratchDir, waitFor } from '../support/scratch.ts';

/**
 * Markup and templates in names and targets, followed through a running agent: into the mail that the alert becomes, the
 * frame that shows it, and the page without scripts. Every place of every kind of mail: test/unit/electron/agent/compose.
 */

const scratch = makeScratchDir('tocsin-attacks');
const EVIL = '"><img src=x onerror=alert(1)><script>alert(1)</script>{{reply}}${7*7}<!--';
let agent: RealAgent;

beforeAll(async () => {
  agent = await startRealAgent({
    folder: scratch.dir,
    settings: {
      version: 1,
      installation: { name: EVIL, organisation: EVIL, intervalSeconds: 1 },
      alerts: [
        {
          name: EVIL,
          recipients: ['it@contoso.example'],
          conditions: [{ metric: 'file.state', target: `/nowhere/${EVIL}`, is: 'missing' }],
          emailProperties: { subject: EVIL },
        },
      ],
    },
  });
});

afterAll(async () => {
  await agent.agent.stop();
  scratch.remove();
});

test('they stay words in the mail, in its frame and on the page', async () => {
  const record = await waitFor(
    'the mail of the alert',
    async () => (await agent.call('log.list', { limit: 1, since: null, before: null }))[0] ?? null,
    20_000,
    100,
  );
  const { id, html, subject } = record.message;
  expect(subject).toBe(EVIL);
  expect(html).toContain('&lt;script&gt;');
  const cookie = await agent.session();
  const frame = await fetch(`${agent.url}/mail/log/${encodeURIComponent(id)}`, { headers: { cookie } });
  const page = await fetch(agent.url, { headers: { cookie } });
  expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  for (const text of [html ?? '', await frame.text(), await page.text()]) {
    expect(text).toContain('onerror');
    expect(text).not.toMatch(/<script|<img|<!--(?!\[)/);
    expect(text).toContain('{{reply}}${7*7}');
  }
});
