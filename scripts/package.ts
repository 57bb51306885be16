/**
 * `npm run package -- --linux` (or `--win`, `--mac`): builds and packs what is installed, into `dist-app`. What must not lie in
 * a repository comes from the environment: see docs/packaging.md.
 */
import { spawnSync } from 'node:child_process';
import { packageWords } from './package-words.ts';

const words = packageWords(process.argv.slice(2), process.env, process.platform);
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
  process.exitCode = status ?? 1;
}
