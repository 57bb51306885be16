import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPageFiles } from '../../../../electron/agent/console/page-files.ts';
import { answerAppPage } from '../../../../electron/client/app-pages.ts';
import { scratchDir } from '../../../fakes/scratch-dir.ts';

let pageDir: string;
beforeEach(() => {
  const folder = scratchDir();
  pageDir = join(folder, 'page');
  mkdirSync(join(pageDir, 'assets'), { recursive: true });
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html>');
  writeFileSync(join(pageDir, 'assets', 'index-1.js'), '1');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
});

const asked: string[] = [];
const client = {
  async mail(path: string) {
    asked.push(path);
    if (path === '/mail/log/away') return null;
    return path === '/mail/log/1' ? { status: 200, text: '<p>mail' } : { status: 404, text: 'none' };
  },
};
const get = (url: string, method = 'GET') => answerAppPage({ url, method }, createPageFiles(pageDir), client);

describe('what stands at the addresses of the desktop app', () => {
  test.each([
    ['the page', 'tocsin://app/', 200],
    ['its files', 'tocsin://app/assets/index-1.js', 200],
    ['a file that there is not', 'tocsin://app/assets/none.js', 404],
    ['a way out of its folder', 'tocsin://app/assets/../../secret.txt', 404],
    ['a way out in disguise', 'tocsin://app/%2e%2e/secret.txt', 404],
    ['a way out by a backslash', 'tocsin://app/..%5csecret.txt', 404],
    ['another host', 'tocsin://evil/', 404],
    ['another scheme', 'http://app/', 404],
    ['no address', 'tocsin', 404],
    ['a mail', 'tocsin://app/mail/log/1', 200],
    ['a mail that there is not', 'tocsin://app/mail/log/2', 404],
    ['a mail while the agent is away', 'tocsin://app/mail/log/away', 404],
    ['a mail of no known kind', 'tocsin://app/mail/other/1', 404],
    ['the agent itself', 'tocsin://app/api/status.get', 404],
  ])('%s', async (_what, url, status) => {
    expect((await get(url)).status).toBe(status);
  });

  test('nothing is written there', async () => {
    expect((await get('tocsin://app/', 'POST')).status).toBe(405);
  });

  test('a mail bears its own policy, under which nothing runs; the page bears that of the console', async () => {
    const mail = await get('tocsin://app/mail/log/1');
    expect(mail.headers?.['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
    expect((await get('tocsin://app/')).headers?.['content-security-policy']).toContain("script-src 'self'");
  });

  test('an id stays one part of the address, whatever is in it', async () => {
    asked.length = 0;
    await get('tocsin://app/mail/log/..%2F..%2Fapi%2Fstatus.get');
    expect(asked).toEqual(['/mail/log/..%2F..%2Fapi%2Fstatus.get']);
  });
});
