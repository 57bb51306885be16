import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StatFiles } from '../../../../../../electron/agent/collect/linux/stat-files.ts';
import { scratchDir } from '../../../../../fakes/scratch-dir.ts';

function statFiles(procDir: string): StatFiles {
  const files = new StatFiles(procDir);
  onTestFinished(() => files.close());
  return files;
}

/** So many processes in a folder of their own, in the form of proc_pid_stat(5). */
function fakeProc(count: number): string {
  const dir = scratchDir();
  for (let pid = 1; pid <= count; pid += 1) {
    mkdirSync(join(dir, String(pid)));
    writeFileSync(join(dir, `${pid}/stat`), `${pid} (p${pid}) S ${'1 '.repeat(40)}`);
  }
  return dir;
}

const openFiles = () => readdirSync('/proc/self/fd').length;

describe.runIf(process.platform === 'linux')('the stat files of processes', () => {
  it('a process is read as long as it lives, and not afterwards', async () => {
    const files = statFiles('/proc');
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    expect(files.read(pid, true)?.state).toBeTypeOf('string');
    expect(files.read(pid, true)).not.toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(files.read(pid, true)).toBeNull();
  });

  it('what is asked for once is not kept open, and no more than 256 are', () => {
    const before = openFiles();
    const files = statFiles(fakeProc(300));
    for (let pid = 1; pid <= 300; pid += 1) files.read(pid, false);
    expect(openFiles()).toBe(before);
    for (let pid = 1; pid <= 300; pid += 1) expect(files.read(pid, true)?.comm).toBe(`p${pid}`);
    expect(openFiles()).toBe(before + 256);
    files.forget(1);
    expect(openFiles()).toBe(before + 255);
    files.close();
    expect(openFiles()).toBe(before);
  });

  it('a file that turns to nonsense is opened anew each time, and leaves none open', () => {
    const dir = fakeProc(1);
    const files = statFiles(dir);
    const before = openFiles();
    files.read(1, true);
    writeFileSync(join(dir, '1/stat'), 'nonsense');
    for (let look = 0; look < 5; look += 1) expect(files.read(1, true)).toBeNull();
    expect(openFiles()).toBeLessThanOrEqual(before + 1);
  });
});
