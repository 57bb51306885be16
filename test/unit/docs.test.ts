import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../electron/agent/collect/catalogue.ts';
import { createProgram } from '../../electron/headless.ts';
import { settingsSchema } from '../../shared/contract/settings.ts';
import { ERRORS } from '../../shared/errors.ts';
import { METRIC_NAMES, metricDefinition } from '../../shared/model/metrics.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const commandsPage = read('docs/commands.md');
const settingsPage = read('docs/settings.md');

/** The text below a heading, up to the next one of its level. */
function sectionOf(page: string, heading: string): string | null {
  const [, section] = page.split(new RegExp(`^## ${heading}$`, 'm'));
  return section === undefined ? null : (section.split(/^## /m)[0] ?? '');
}

describe('docs/commands.md', () => {
  const beforeCommands = commandsPage.split(/^## /m)[0] ?? '';
  const program = createProgram();

  test.each(program.commands.map((command) => command.name()))(
    '%s has a section with its options',
    (name) => {
      const section = sectionOf(commandsPage, name);
      expect(section).not.toBeNull();
      const options = program.commands.find((command) => command.name() === name)?.options ?? [];
      const missing = options
        .map((option) => option.long ?? option.flags)
        .filter((flag) => !`${beforeCommands}${section}`.includes(flag));
      expect(missing).toEqual([]);
    },
  );

  test('names no command that there is not', () => {
    const names = [...commandsPage.matchAll(/^## ([a-z-]+)$/gm)].map((match) => match[1]);
    const known = program.commands.map((command) => command.name());
    expect(new Set(names)).toEqual(new Set([...known, 'help']));
  });

  test('lists every code with whether it is tried again', () => {
    const listed = [...commandsPage.matchAll(/^\| `([a-z_]+)` \| .+ \| (yes|no) \|$/gm)];
    expect(listed.map(([, code, again]) => [code, again])).toEqual(
      Object.entries(ERRORS).map(([code, { retryable }]) => [code, retryable ? 'yes' : 'no']),
    );
  });
});

describe('docs/threat-model.md', () => {
  const named = [...read('docs/threat-model.md').matchAll(/`(test\/[\w/.-]+)`/g)].map(
    ([, path = '']) => path,
  );

  test('names tests that are there', () => {
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names every file of attacks', () => {
    const files = readdirSync(join(root, 'test/integration/attacks'));
    expect(files.filter((file) => !named.includes(`test/integration/attacks/${file}`))).toEqual([]);
  });
});

describe('docs/settings.md', () => {
  const rows = new Map(
    [...settingsPage.matchAll(/^\| `([\w.]+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
      ([, metric = '', unit = '', target = '', linux = '', others = '']) => [
        metric,
        { unit, target, linux, others },
      ],
    ),
  );

  const measuredOn = (system: 'linux' | 'win32' | 'darwin'): ReadonlySet<string> => {
    const entries = CATALOGUE.flatMap((group) => group.entries);
    const measured = entries.filter(
      ({ from }) => (typeof from === 'string' ? from : from[system]) !== 'not measured',
    );
    return new Set(measured.flatMap((entry) => entry.metrics));
  };

  test('lists every metric, in their order', () => {
    expect([...rows.keys()]).toEqual([...METRIC_NAMES]);
  });

  test('names the states and the target of each', () => {
    const wrong = METRIC_NAMES.filter((metric) => {
      const definition = metricDefinition(metric);
      const row = rows.get(metric);
      const states = definition.kind === 'state' ? definition.states : [];
      return (
        (row?.target === '–') !== (definition.target === null) ||
        states.some((state) => !row?.unit.includes(`\`${state}\``))
      );
    });
    expect(wrong).toEqual([]);
  });

  test('says what is measured where', () => {
    const [linux, windows, macos] = [measuredOn('linux'), measuredOn('win32'), measuredOn('darwin')];
    const othersText = (metric: string) => {
      if (windows.has(metric) && macos.has(metric)) return 'yes';
      return windows.has(metric) ? 'Windows' : macos.has(metric) ? 'macOS' : 'no';
    };
    const wrong = [...rows].filter(
      ([metric, row]) =>
        row.linux !== (linux.has(metric) ? 'yes' : 'no') || row.others !== othersText(metric),
    );
    expect(wrong).toEqual([]);
  });

  test('lists every section of the file', () => {
    const missing = Object.keys(settingsSchema.shape).filter(
      (key) => !settingsPage.includes(`\n| \`${key}\` | `),
    );
    expect(missing).toEqual([]);
  });
});

test('every link from one page to another leads somewhere', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  );
  expect(broken).toEqual([]);
});
