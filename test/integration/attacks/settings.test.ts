import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleSettings } from '../../fakes/example-settings.ts';
import { type RealAgent, startRealAgent } from '../../fakes/real-agent.ts';
import { makeScratchDir } from '../support/scratch.ts';

/**
 * What is wrong with a settings document, taken in by a running agent: every fault is named by its place, the old settings
 * stand, the log says so without the values, and the agent goes on.
 */

const scratch = makeScratchDir('tocsin-attacks');
let agent: RealAgent;

beforeAll(async () => {
  agent = await startRealAgent({
    folder: scratch.dir,
    settings: { version: 1, installation: { name: 'kept' } },
  });
});

afterAll(async () => {
  await agent.agent.stop();
  scratch.remove();
});

// oxlint-disable-next-line typescript/no-explicit-any -- a document from outside may be anything
type Document = any;

interface Row {
  readonly attack: string;
  readonly text: string;
  readonly path: string;
  readonly says: RegExp;
}

function changed(change: (document: Document) => void): string {
  const document: Document = exampleSettings();
  change(document);
  return JSON.stringify(document);
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

const hook = (action: object) =>
  changed((document) => (document.smtpEvents[0].actions = [{ type: 'call-web-page', ...action }]));
const HOOK = 'smtpEvents[0].actions[0]';
/** A key that only JSON.parse can make an own one. */
const withKey = (key: string) => `{"version":1,${JSON.stringify(key)}:{"polluted":true}}`;

const ROWS: readonly Row[] = [
  {
    attack: 'a file of 5 MiB',
    text: `{"version":1}${' '.repeat(5 * 1024 * 1024)}`,
    path: '',
    says: /is larger than a settings file may be \(4 MiB\)/,
  },
  ...[200, 100_000].map((depth) => ({
    attack: `lists nested ${depth} deep`,
    text: `{"version":${nested(depth)}}`,
    path: '',
    says: /is nested deeper/,
  })),
  { attack: 'half a file', text: '{"version":1,', path: '', says: /not valid JSON/ },
  { attack: 'a key that is unknown', text: withKey('smpt'), path: 'smpt', says: /not a known key/ },
  ...['__proto__', 'constructor', 'prototype', 'toString'].map((key) => ({
    attack: `the key ${key}`,
    text: withKey(key),
    path: key,
    says: /not a known key/,
  })),
  {
    attack: 'the key __proto__ inside',
    text: '{"version":1,"installation":{"__proto__":{"name":"x"}}}',
    path: 'installation.__proto__',
    says: /not a known key/,
  },
  ...[
    ['CRLF', 'Disk\r\nBcc: evil@x.example'],
    ['NUL', 'Disk\u0000'],
    ['an escape sequence', 'Disk\u001b[2J'],
    ['an eight-bit escape sequence', 'Disk\u009b2J'],
    ['a line separator', 'Disk\u2028Bcc: evil@x.example'],
    ['text turned round', 'Disk\u202egpj.exe'],
    ['text set apart', 'Disk\u2066x'],
  ].flatMap(([what = '', name = '']) => [
    {
      attack: `${what} in a name`,
      text: changed((document) => (document.alerts[0].name = name)),
      path: 'alerts[0].name',
      says: /control character/,
    },
    {
      attack: `${what} in a subject`,
      text: changed((document) => (document.alerts[0].emailProperties.subject = name)),
      path: 'alerts[0].emailProperties.subject',
      says: /control character/,
    },
  ]),
  {
    attack: 'a name of 101 characters',
    text: changed((document) => (document.alerts[0].name = 'x'.repeat(101))),
    path: 'alerts[0].name',
    says: /at most 100/,
  },
  ...[
    ['CRLF', 'a@x.example\r\nRCPT TO:<evil@x.example>', /line break/],
    ['255 characters', `${'a'.repeat(64)}@${'b.'.repeat(91)}example1`, /255 characters long/],
    ['a quoted local part', '"it\\"@evil"@x.example', /quotation marks/],
    ['a comment', 'it(evil@x.example)@x.example', /brackets/],
    ['a name before it', 'IT <it@x.example>', /space/],
    ['an address literal', 'it@[127.0.0.1]', /host name/],
    ['a parameter of the envelope', 'it@x.example> SIZE=1', /space/],
    ['a percent route', 'it%evil@x.example@y.example', /more than one @/],
    ['two addresses', 'a@x.example,b@x.example', /comma/],
    ['text turned round', 'it\u202e@x.example', /control character|outside ASCII/],
    ['look-alike letters', 'it@cont\u043eso.example', /outside ASCII/],
  ].map(([what, address, says]) => ({
    attack: `an address with ${String(what)}`,
    text: changed((document) => (document.alerts[0].recipients = [address])),
    path: 'alerts[0].recipients[0]',
    says: says as RegExp,
  })),
  ...['../up', '/etc/cron.d/x', 'a/b', 'a\\b', '.hidden', 'x;reboot\n', 'CON'].flatMap((name) => [
    {
      attack: `a log file ${JSON.stringify(name)}`,
      text: changed((document) => (document.smtpEvents[0].actions = [{ type: 'log-to-file', file: name }])),
      path: `${HOOK}.file`,
      says: /must|control|keeps/,
    },
    {
      attack: `a program ${JSON.stringify(name)}`,
      text: changed(
        (document) => (document.smtpEvents[0].actions = [{ type: 'external-provider', command: name }]),
      ),
      path: `${HOOK}.command`,
      says: /must|control|keeps/,
    },
  ]),
  ...['file:///etc/passwd', 'javascript:alert(1)', 'gopher://x.example/', '//x.example/', 'data:,x'].map(
    (url) => ({
      attack: `a call of ${url}`,
      text: hook({ url }),
      path: `${HOOK}.url`,
      says: /https:\/\/ or http:\/\//,
    }),
  ),
  {
    attack: 'a user name and password in an address that is called',
    text: hook({ url: 'https://user:canary@x.example/' }),
    path: `${HOOK}.url`,
    says: /must not hold a user name or password/,
  },
  {
    attack: 'a user name and password in an address that is watched',
    text: changed(
      (document) =>
        (document.alerts[0].conditions = [
          { metric: 'http.status', target: 'https://user:canary@x.example/', above: 399 },
        ]),
    ),
    path: 'alerts[0].conditions[0].target',
    says: /must not hold a user name or password/,
  },
  {
    attack: 'a header with a line break in its name',
    text: hook({ url: 'https://x.example/', headers: { 'X\r\nEvil': 'y' } }),
    path: `${HOOK}.headers["X\\r\\nEvil"]`,
    says: /header|control/,
  },
  {
    attack: 'a header whose name is none',
    text: hook({ url: 'https://x.example/', headers: { 'a b': 'y' } }),
    path: `${HOOK}.headers["a b"]`,
    says: /name of a header/,
  },
  {
    attack: 'a header with a line break in its value',
    text: hook({ url: 'https://x.example/', headers: { X: 'y\r\nEvil: z' } }),
    path: `${HOOK}.headers.X`,
    says: /control character/,
  },
  {
    attack: 'the header __proto__',
    text: hook({ url: 'https://x.example/' }).replace(
      '"url":"https://x.example/"',
      '"url":"https://x.example/","headers":{"__proto__":"x"}',
    ),
    path: `${HOOK}.headers.__proto__`,
    says: /name of a header/,
  },
  ...['0.0.0.0/33', '10.0.0', 'localhost', '::1/129'].map((range) => ({
    attack: `the address ${range} let through`,
    text: hook({ url: 'https://x.example/', allowedAddresses: [range] }),
    path: `${HOOK}.allowedAddresses[0]`,
    says: /IP address/,
  })),
];

describe('settings that are not as they must be', () => {
  test.each(ROWS)('$attack: refused by name, the old ones stand', async ({ text, path, says }) => {
    const before = await agent.call('settings.get', {});
    const logged = agent.said.length;
    const { status, body } = await agent.raw('settings.import', { text, baseDir: '/' });
    expect(status).toBe(200);
    const reply = JSON.parse(body) as { ok: boolean; faults?: { path: string; message: string }[] };
    expect(reply.ok).toBe(false);
    const fault = reply.faults?.find((each) => each.path === path);
    expect([path, fault?.message]).toEqual([path, expect.stringMatching(says) as unknown]);
    expect((await agent.call('settings.get', {})).revision).toBe(before.revision);
    const said = agent.said.slice(logged);
    expect(said.filter((line) => line.includes('settings were refused'))).toHaveLength(1);
    expect(said.join()).not.toMatch(/unexpected fault|canary/);
  });

  test('the same by the editor: what is nested too deeply is refused before it is looked at', async () => {
    for (const method of ['settings.check', 'settings.save'] as const) {
      const response = await fetch(`${agent.url}/api/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${agent.token}` },
        body: `{"revision":"x","settings":${nested(100_000)}}`,
      });
      expect([method, response.status]).toEqual([method, 400]);
      expect(await response.text()).toMatch(/nested deeper/);
    }
  });

  test('a byte order mark is none of their faults', async () => {
    const text = `\uFEFF${JSON.stringify({ version: 1, installation: { name: 'with a mark' } })}`;
    expect((await agent.call('settings.import', { text, baseDir: '/' })).ok).toBe(true);
    expect(agent.agent.status().installation).toBe('with a mark');
  });

  test('nothing has reached what all objects share', () => {
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
