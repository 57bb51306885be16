import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConsoleRig } from '../../../../fakes/console-rig.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

let rig: ConsoleRig;
let headers: Record<string, string>;

async function startWithPage(): Promise<void> {
  const folder = scratchDir();
  const pageDir = join(folder, 'page');
  mkdirSync(join(pageDir, 'assets'), { recursive: true });
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(pageDir, 'favicon.svg'), '<svg/>');
  writeFileSync(join(pageDir, 'assets/index-a1b2.js'), 'export {};');
  writeFileSync(join(pageDir, 'assets/index-a1b2.css'), 'body {}');
  writeFileSync(join(pageDir, 'assets/index-a1b2.js.map'), '{}');
  writeFileSync(join(pageDir, 'assets/.hidden.js'), 'canary');
  writeFileSync(join(folder, 'settings.json'), 'canary');
  symlinkSync(join(folder, 'settings.json'), join(pageDir, 'assets/linked.json'));
  await rig.start(pageDir);
  headers = { cookie: await rig.session() };
}

beforeEach(() => {
  rig = new ConsoleRig();
});

afterEach(() => rig.stop());

describe('the files of the page', () => {
  test('are served as what they are; those named by their content are kept for ever', async () => {
    await startWithPage();
    const rows = [
      ['/', 'text/html; charset=utf-8', 'no-store'],
      ['/favicon.svg', 'image/svg+xml', 'no-store'],
      ['/assets/index-a1b2.js', 'text/javascript; charset=utf-8', 'private, max-age=31536000, immutable'],
      ['/assets/index-a1b2.css', 'text/css; charset=utf-8', 'private, max-age=31536000, immutable'],
    ];
    for (const [path = '', type, caching] of rows) {
      const reply = await rig.send(path, { headers });
      expect([path, reply.status, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([
        path,
        200,
        type,
        caching,
      ]);
    }
  });

  test('the page runs and loads its own files only', async () => {
    await startWithPage();
    const policy = String((await rig.send('/', { headers })).headers['content-security-policy']);
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  test.each([
    ['a way out', '/../settings.json'],
    ['a way out, encoded', '/%2e%2e/settings.json'],
    ['a way out, encoded twice', '/%252e%252e/settings.json'],
    ['a way out with an encoded separator', '/..%2fsettings.json'],
    ['a way out as Windows writes it', '/..\\settings.json'],
    ['a way out, encoded, as Windows writes it', '/assets/..%5c..%5csettings.json'],
    ['a way out from a folder', '/assets/../../settings.json'],
    ['an absolute path', '//etc/passwd.txt'],
    ['a NUL', '/assets/index-a1b2.js%00.css'],
    ['a hidden file', '/assets/.hidden.js'],
    ['a link that leads elsewhere', '/assets/linked.json'],
    ['a folder', '/assets/'],
    ['a type that is not served', '/assets/index-a1b2.js.map'],
    ['a file that is not there', '/assets/gone.js'],
    ['a long name', `/assets/${'a'.repeat(5000)}.js`],
  ])('%s is no page', async (_rule, path) => {
    await startWithPage();
    const reply = await rig.send(path, { headers });
    expect([reply.status, reply.body]).toEqual([404, 'There is no such page.\n']);
    expect(rig.faults).toEqual([]);
  });
});

describe('the HTML of one mail', () => {
  beforeEach(async () => {
    await rig.start();
    headers = { cookie: await rig.session() };
  });

  const mail = '<style>p { color: red }</style><p style="margin: 0">Disk</p><img src=x onerror=alert(1)>';

  test.each(['log', 'practice', 'preview'])(
    'of %s shows its styles; nothing runs, loads or leads away',
    async (kind) => {
      rig.mails.set('a/1', mail);
      const reply = await rig.send(`/mail/${kind}/a%2F1`, { headers });
      expect(reply).toMatchObject({ status: 200, body: mail });
      expect(reply.headers).toMatchObject({
        'content-security-policy':
          "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        'x-frame-options': 'SAMEORIGIN',
        'cache-control': 'no-store',
      });
    },
  );

  test('that is not there is said to be so', async () => {
    expect((await rig.send('/mail/log/none', { headers })).status).toBe(404);
    expect((await rig.send('/mail/other/1', { headers })).status).toBe(404);
  });
});
