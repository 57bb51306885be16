import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const FOLDERS = ['shared', 'mail', 'electron', 'relay', 'renderer'];

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Modules it imports: paths from the root for our own files, bare names for others. */
  readonly imports: readonly string[];
}

function sourceFiles(): SourceFile[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => readSource(join(root, folder, name))),
  );
}

function readSource(fullPath: string): SourceFile {
  const text = readFileSync(fullPath, 'utf8');
  const { module } = parseSync(fullPath, text);
  const names = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((part) => part.moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map((entry) =>
      text.slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1),
    ),
  ];
  const path = relative(root, fullPath);
  const imports = names.map((name) =>
    name.startsWith('.') ? relative(root, resolve(dirname(fullPath), name)) : name,
  );
  return { path, text, imports };
}

interface Rule {
  readonly why: string;
  readonly files: RegExp;
  readonly exceptFiles?: RegExp;
  readonly mayNotImport: RegExp;
}

/** Each forbidden import with its why. */
const RULES: readonly Rule[] = [
  {
    why: 'shared/ is read by the page, the agent and the relay alike, so it may need nothing but zod',
    files: /^shared\//,
    mayNotImport: /^(?!shared\/|zod$)/,
  },
  {
    why: 'mail/ serves the agent and the relay, so it knows neither',
    files: /^mail\//,
    mayNotImport: /^(electron|relay|renderer|test|scripts)\//,
  },
  {
    why: 'the agent runs as a service without Electron, and is what the desktop builds on',
    files: /^electron\/agent\//,
    mayNotImport: /^(electron$|electron\/(?!agent\/)|relay\/|renderer\/|test\/|scripts\/)/,
  },
  {
    why: 'the client serves commands and the desktop app alike: it knows the door of the agent, and neither of them',
    files: /^electron\/client\//,
    mayNotImport:
      /^(electron$|electron\/(commands|desktop|tray|service)\/|relay\/|renderer\/|test\/|scripts\/)/,
  },
  {
    why: 'a command is a client: it reaches the agent through its door, not through its rooms',
    files: /^electron\/commands\//,
    mayNotImport: /^(relay|renderer|test|scripts)\//,
  },
  {
    why: 'the relay runs on a server of its own, where there is no agent and no page',
    files: /^relay\//,
    mayNotImport: /^(electron|renderer|test|scripts)(\/|$)/,
  },
  {
    why: 'the page runs in a browser: it reaches the agent through its client, and needs no library but those it is made of',
    files: /^renderer\//,
    mayNotImport:
      /^(?!(renderer|shared)\/|react(-dom\/client)?$|react-aria-components$|react-hook-form$|uplot($|\/dist\/))/,
  },
  {
    why: 'pieces of pages know nothing of the pages they stand on, so that any page can use them',
    files: /^renderer\/(components|hooks|model|api)\//,
    mayNotImport: /^renderer\/(pages|editors|app\/(?!router\.ts$))/,
  },
  {
    why: 'pages and editors stand in the window; they do not reach around it',
    files: /^renderer\/(pages|editors)\//,
    mayNotImport: /^renderer\/(app\/(?!router\.ts$|pages\.ts$)|main\.tsx$)/,
  },
  {
    why: 'what the relay answers does not hang on how it keeps things: PostgreSQL is to follow behind the same interface',
    files: /^relay\/(http\/|app\.ts$|accept-batch\.ts$|watch\.ts$)/,
    mayNotImport: /^(node:sqlite|mail\/(store|outbox)\.ts|relay\/store\/(?!relay-store\.ts$))/,
  },
  {
    why: 'only desktop/ may touch Electron, whose runtime exists only there',
    files: /^electron\//,
    exceptFiles: /^electron\/(desktop\/|preload\.ts$)/,
    mayNotImport: /^(electron|electron-store|electron-updater)$/,
  },
  {
    why: 'only the entry of the app knows the app: what can be tested without Electron stays out of desktop/',
    files: /^electron\//,
    exceptFiles: /^electron\/(desktop\/|main\.ts$)/,
    mayNotImport: /^electron\/desktop\//,
  },
  {
    why: 'what the tray shows and what starts it is worked out without Electron, without an agent, and by values alone',
    files: /^electron\/(tray|service)\//,
    mayNotImport:
      /^(electron$|electron\/(agent|client|commands|desktop)\/|relay\/|renderer\/|test\/|scripts\/)/,
  },
  {
    why: 'the evaluate stage is pure: what it decides follows from its arguments alone',
    files: /^electron\/agent\/evaluate\//,
    mayNotImport: /^node:/,
  },
  {
    why: 'systeminformation starts processes and costs 9 MB; it is loaded where nothing else can measure',
    files: /^(electron|mail|relay|shared)\//,
    exceptFiles: /^electron\/agent\/collect\/systeminformation\//,
    mayNotImport: /^systeminformation$/,
  },
];

/** Time and chance come in through constructors; only platform/ folders touch the real ones. */
const BARE_TIME =
  /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|setTimeout\(|setInterval\(|setImmediate\()/;

const files = sourceFiles();

describe('layers', () => {
  test.each(RULES)('$why', (rule) => {
    const broken = files
      .filter((file) => rule.files.test(file.path) && !rule.exceptFiles?.test(file.path))
      .flatMap((file) =>
        file.imports.filter((name) => rule.mayNotImport.test(name)).map((name) => `${file.path} → ${name}`),
      );
    expect(broken).toEqual([]);
  });

  test('a rule that is broken is noticed', () => {
    const rule = RULES[0];
    expect(rule?.mayNotImport.test('node:fs')).toBe(true);
    expect(rule?.mayNotImport.test('zod')).toBe(false);
    expect(rule?.mayNotImport.test('mail/outlet.ts')).toBe(true);
  });

  test('only platform folders touch the real clock, timers and chance', () => {
    const broken = files
      .filter((file) => !file.path.includes('/platform/'))
      .flatMap((file) => {
        const found = BARE_TIME.exec(file.text);
        return found ? [`${file.path}: ${found[0]}`] : [];
      });
    expect(broken).toEqual([]);
  });

  test('only two files speak between the app and its page, and both are named here', () => {
    const speaking = files.filter((file) => /\bipc(Main|Renderer)\b(?!InvokeEvent)/.test(file.text));
    expect(speaking.map((file) => file.path).toSorted()).toEqual([
      'electron/desktop/ipc-main.ts',
      'electron/preload.ts',
    ]);
  });

  test('no pattern is made of what somebody wrote: those who build one of constants are named here', () => {
    const building = files.filter((file) => /\bRegExp\(/.test(file.text)).map((file) => file.path);
    expect(building.toSorted()).toEqual(['electron/agent/compose/text-wrap.ts', 'mail/bounce-text.ts']);
  });

  test('what only runs inside Electron stays thin: no file there has more than 150 lines', () => {
    const thick = files.filter(
      (file) => file.path.startsWith('electron/desktop/') && file.text.split('\n').length > 150,
    );
    expect(thick.map((file) => file.path)).toEqual([]);
  });

  test('no file has grown beyond 400 lines', () => {
    const long = files.filter((file) => file.text.split('\n').length > 400).map((file) => file.path);
    expect(long).toEqual([]);
  });
});
