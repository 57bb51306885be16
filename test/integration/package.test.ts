import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sbomOf } from '../../scripts/sbom.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SIZE_MAX_BYTES = 8 * 1024 * 1024;
/** What marks the fuses in an Electron program (electron/electron, docs/tutorial/fuses.md). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

let folder: string;
let unpackedDir: string;
let asarPath: string;
let names: string[];

/** Packs with the real electron-builder and its configuration; in place of Electron's runtime stands a folder of stubs. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-package-'));
  const runtimeDir = join(folder, 'runtime');
  mkdirSync(join(runtimeDir, 'locales'), { recursive: true });
  const fuses = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 9]), Buffer.from('101101001')]);
  writeFileSync(
    join(runtimeDir, 'electron'),
    Buffer.concat([Buffer.from('stub '), fuses, Buffer.alloc(64)]),
    {
      mode: 0o755,
    },
  );
  for (const file of [
    'LICENSE',
    'LICENSES.chromium.html',
    'version',
    'locales/en-GB.pak',
    'locales/fr.pak',
  ]) {
    writeFileSync(join(runtimeDir, file), 'stub');
  }
  const words = [
    '--config',
    'electron-builder.yml',
    '--linux',
    'dir',
    '--publish',
    'never',
    `-c.electronDist=${runtimeDir}`,
    `-c.directories.output=${join(folder, 'out')}`,
  ];
  const built = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  const cli = join(ROOT, 'node_modules/electron-builder/cli.js');
  const packed = spawnSync(process.execPath, [cli, ...words], { cwd: ROOT, encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(`${packed.stdout}\n${packed.stderr}`);
  unpackedDir = join(folder, 'out', 'linux-unpacked');
  asarPath = join(unpackedDir, 'resources', 'app.asar');
  names = listPackage(asarPath, { isPack: false }).map((name) => name.replaceAll('\\', '/'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is installed', () => {
  test('is small', () => expect(statSync(asarPath).size).toBeLessThan(SIZE_MAX_BYTES));

  test('holds the app, its page, its icons and its licences', () => {
    const wanted = [
      '/package.json',
      '/LICENSE',
      '/dist/LICENCES.txt',
      '/dist/licences.json',
      '/dist/desktop/main.cjs',
      '/dist/desktop/preload.cjs',
      '/dist/page/index.html',
      '/electron/icons/app.png',
      '/electron/icons/tray/criticalTemplate@2x.png',
    ];
    expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('holds no sources, tests, modules, maps or anything that was kept', () => {
    const known = /^\/(?:dist|electron)(?:$|\/(?:desktop|page|icons|LICENCES\.txt|licences\.json)(?:$|\/))/;
    const others = names.filter((name) => !known.test(name) && !['/package.json', '/LICENSE'].includes(name));
    expect(others).toEqual([]);
    expect(
      names.filter((name) =>
        /\.(?:ts|tsx|map|db|eml|log|env|pem|key)$|\.test\.|\/tests?\/|node_modules/.test(name),
      ),
    ).toEqual([]);
  });

  test('says no name of the computer it was packed on, and no key but one that is public', () => {
    const bytes = readFileSync(asarPath).toString('latin1');
    expect(bytes.includes(ROOT)).toBe(false);
    expect(bytes.includes(folder)).toBe(false);
    // smtp-server brings the key of a certificate of its own along, which everybody knows and nobody uses.
    const known = readFileSync(join(ROOT, 'node_modules/smtp-server/dist/cjs/tls-options.js'), 'utf8');
    const keys = bytes.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\n)[A-Za-z0-9+/]{40}/g) ?? [];
    expect(keys.filter((key) => !known.includes(key.slice(-40)))).toEqual([]);
  });

  test('passes on the licences of what it is made of', () => {
    const texts = readFileSync(join(ROOT, 'dist/LICENCES.txt'), 'utf8');
    for (const name of ['nodemailer', 'react', 'zod', 'electron-store', 'electron-updater', 'smtp-server']) {
      expect(texts).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
  });

  test('is listed in a bill of materials: each library that is in it, with version and licence, and the runtime', () => {
    const { bomFormat, metadata, components } = sbomOf(ROOT);
    expect([bomFormat, metadata.component]).toMatchObject([
      'CycloneDX',
      { name: 'tocsin', type: 'application' },
    ]);
    const listed = new Set(components.map(({ name, version }) => `${name} ${version}`));
    const texts = readFileSync(join(ROOT, 'dist/LICENCES.txt'), 'utf8');
    const bundled = [...texts.matchAll(/^-{80}\n(\S+ \d\S*)\n-{80}$/gm)].map(([, title = '']) => title);
    expect(bundled.length).toBeGreaterThan(20);
    expect(bundled.filter((title) => !listed.has(title))).toEqual([]);
    const unlicensed = components.filter(({ licenses = [] }) =>
      licenses.every(({ license, expression }) => (license?.id ?? expression) === undefined),
    );
    expect(unlicensed).toEqual([]);
    expect(components.map(({ name }) => name)).toContain('electron');
    expect(JSON.stringify([metadata, components])).not.toContain(ROOT);
  });

  test('has every fuse set: no plain Node, no debugger, nothing but its own archive', async () => {
    const wire = await getCurrentFuseWire(join(unpackedDir, 'tocsin-app'));
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.WasmTrapHandlers,
    ];
    const states = Object.values(FuseV1Options).filter((fuse) => typeof fuse === 'number');
    for (const fuse of states) {
      expect([fuse, wire[fuse]]).toEqual([fuse, on.includes(fuse) ? FuseState.ENABLE : FuseState.DISABLE]);
    }
  });

  test('runs by itself, without the modules of a checkout: as the command line program it measures this computer', () => {
    const appDir = join(folder, 'app');
    extractAll(asarPath, appDir);
    const stub = join(folder, 'electron-stub.cjs');
    writeFileSync(
      stub,
      `const Module = require('node:module');
       const load = Module._load;
       const app = { disableHardwareAcceleration() {}, on() {}, exit: (code) => process.exit(code) };
       Module._load = (name, ...rest) => (name === 'electron' ? { app } : load(name, ...rest));
       process.defaultApp = true;`,
    );
    const main = join(appDir, 'dist/desktop/main.cjs');
    const words = ['--require', stub, main, 'status', '--json', '--data-dir', join(folder, 'data')];
    const status: unknown = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
    expect(status).toMatchObject({ running: false });
  });
});
