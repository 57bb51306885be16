/**
 * `npm run package -- --linux` (or `--win`, `--mac`): builds and packs what is installed, into `dist-app`, and writes the bill
 * of materials beside it. What must not lie in a repository comes from the environment: see docs/packaging.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type PackageAbout, packageWords } from './package-words.ts';
import { sbomOf } from './sbom.ts';

const ROOT = resolve(import.meta.dirname, '..');
const about = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Partial<PackageAbout> & {
  readonly version: string;
};
const { author = null, homepage = null, version } = about;
const words = packageWords(process.argv.slice(2), process.env, process.platform, { author, homepage });
if (!words.ok) {
  console.error(words.why);
  process.exitCode = 2;
} else {
  const isWindows = process.platform === 'win32';
  const build = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
  const { status } =
    build.status === 0
      ? spawnSync('electron-builder', words.words, { stdio: 'inherit', shell: isWindows })
      : build;
  if (status === 0) {
    mkdirSync(join(ROOT, 'dist-app'), { recursive: true });
    const path = join(ROOT, 'dist-app', `tocsin-${version}.cdx.json`);
    writeFileSync(path, `${JSON.stringify(sbomOf(ROOT), null, 2)}\n`);
    console.log(`The bill of materials (CycloneDX): ${path}`);
  }
  process.exitCode = status ?? 1;
}
