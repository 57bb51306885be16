import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { launchd } from '../../../../electron/service/launchd.ts';
import { serviceStart } from '../../../../electron/service/service-start.ts';
import { type ServiceSystem } from '../../../../electron/service/service-system.ts';
import { serviceSystemOf } from '../../../../electron/service/service-systems.ts';
import { systemd } from '../../../../electron/service/systemd.ts';
import { windowsTask } from '../../../../electron/service/windows-task.ts';

const LINUX = {
  command: ['/opt/tocsin/node', '/opt/tocsin/bin/tocsin.js', 'run', '--data-dir', '/var/lib/tocsin'],
  dataDir: '/var/lib/tocsin',
};
const MAC = {
  command: ['/Applications/Tocsin.app/Contents/MacOS/Tocsin', '--service', '--data-dir', '/Library/R&D <x>'],
  dataDir: '/Library/R&D <x>',
};
const WINDOWS = {
  command: ['C:\\Program Files\\Tocsin\\Tocsin.exe', '--service', '--data-dir', 'C:\\Pro "x" & y\\Data\\'],
  dataDir: 'C:\\Pro "x" & y\\Data\\',
};

const root = systemd({ isRoot: true, homeDir: '/root' });
const user = systemd({ isRoot: false, homeDir: '/home/ada' });

describe('what each system is given', () => {
  const utf8 = (system: ServiceSystem, program: typeof LINUX) => system.definition(program).toString('utf8');

  test('systemd, for the computer', async () => {
    await expect(utf8(root, LINUX)).toMatchFileSnapshot('golden/tocsin.service');
  });

  test('systemd, for one user', async () => {
    await expect(utf8(user, LINUX)).toMatchFileSnapshot('golden/tocsin-user.service');
  });

  test('launchd', async () => {
    const daemon = launchd({ isRoot: true, homeDir: '/var/root', userId: 0 });
    await expect(utf8(daemon, MAC)).toMatchFileSnapshot('golden/app.tocsin.agent.plist');
  });

  test('the Task Scheduler, in the encoding it reads', async () => {
    const bytes = windowsTask({ dataDir: WINDOWS.dataDir }).definition(WINDOWS);
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xfe]);
    await expect(bytes.toString('utf16le').slice(1)).toMatchFileSnapshot('golden/start-up-task.xml');
  });
});

test.each([
  ['linux', 0, '/etc/systemd/system/tocsin.service'],
  ['linux', 1000, '/home/ada/.config/systemd/user/tocsin.service'],
  ['darwin', 0, '/Library/LaunchDaemons/app.tocsin.agent.plist'],
  ['darwin', 501, '/home/ada/Library/LaunchAgents/app.tocsin.agent.plist'],
  ['win32', null, 'C:\\Data\\start-up-task.xml'],
  ['aix', 0, undefined],
] as const)('on %s, user %s, the definition is %s', (platform, userId, path) => {
  const system = serviceSystemOf({ platform, userId, homeDir: '/home/ada', dataDir: 'C:\\Data' });
  expect(system?.definitionPath).toBe(path);
});

test.each([
  ['a checkout', 'linux', true, '/opt/tocsin.js', ['/p', '/opt/tocsin.js', 'run']],
  ['the app', 'darwin', true, null, ['/p', '--service']],
  ['the app, on Windows', 'win32', false, null, ['/p', '--service']],
  [
    'the app, where there may be no display',
    'linux',
    false,
    null,
    ['/p', '--service', '--ozone-platform=headless'],
  ],
  ['the app, as root', 'linux', true, null, ['/p', '--service', '--ozone-platform=headless', '--no-sandbox']],
] as const)('%s is started as an agent', (_what, system, isRoot, script, words) => {
  expect(serviceStart({ system, isRoot, program: '/p', script })).toEqual(words);
});

describe('a path is one word, whatever it holds', () => {
  test.each([
    ['/var/lib/tocsin', '/var/lib/tocsin'],
    ['/srv/with space', '"/srv/with space"'],
    ['/srv/100%', '"/srv/100%%"'],
    ['/srv/$HOME', '"/srv/$$HOME"'],
    ['/srv/a"b\\c', '"/srv/a\\"b\\\\c"'],
    ['/srv/a\nExecStartPre=evil', '"/srv/a\\nExecStartPre=evil"'],
  ])('systemd writes %j as %s', (path, expected) => {
    const unit = root.definition({ command: ['/bin/tocsin', path], dataDir: '/x' }).toString('utf8');
    expect(unit.split('\n').filter((line) => line.startsWith('ExecStart'))).toEqual([
      `ExecStart=/bin/tocsin ${expected}`,
    ]);
  });

  test('Windows takes apart again what was put together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '&', 'ü') }), { minLength: 1 }),
        (args) => {
          const system = windowsTask({ dataDir: 'C:\\x' });
          const xml = system
            .definition({ command: ['C:\\t.exe', ...args], dataDir: 'x' })
            .toString('utf16le');
          const line = /<Arguments>(.*)<\/Arguments>/s.exec(xml)?.[1] ?? '';
          expect(windowsArguments(unescapeXml(line))).toEqual([...args, '--log-file', 'x\\service.log']);
        },
      ),
    );
  });
});

test.each([
  ['systemd', root, 0, 'ActiveState=active\nUnitFileState=enabled\n', true, true],
  ['systemd', root, 0, 'ActiveState=activating\nUnitFileState=enabled\n', true, true],
  ['systemd', root, 0, 'ActiveState=failed\nUnitFileState=disabled\n', false, false],
  ['launchd', launchd({ isRoot: true, homeDir: '/', userId: 0 }), 0, '{\n\tstate = running\n}', true, true],
  ['launchd', launchd({ isRoot: true, homeDir: '/', userId: 0 }), 0, '{\n\tstate = waiting\n}', true, false],
  ['launchd', launchd({ isRoot: true, homeDir: '/', userId: 0 }), 113, '', false, false],
  ['a task', windowsTask({ dataDir: 'x' }), 0, 'Running\r\n', true, true],
  ['a task', windowsTask({ dataDir: 'x' }), 0, 'Ready\r\n', true, false],
  ['a task', windowsTask({ dataDir: 'x' }), 0, 'Disabled\r\n', false, false],
  ['a task', windowsTask({ dataDir: 'x' }), 1, '', false, false],
] as const)('%s that says %#: starts and runs', (_name, system, status, stdout, starts, running) => {
  expect(system.readState({ status, stdout })).toEqual({ startsWithComputer: starts, running });
});

function unescapeXml(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments, as a program's start-up code does it. */
function windowsArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < line.length; ) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    at += slashes;
    const next = line[at];
    if (next === '"') {
      word = (word ?? '') + '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) word += '"';
      else quoted = !quoted;
      at += 1;
      continue;
    }
    if (slashes > 0) word = (word ?? '') + '\\'.repeat(slashes);
    if (next === undefined) break;
    if (next === ' ' && !quoted) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + next;
    at += 1;
  }
  if (word !== null) words.push(word);
  return words;
}
