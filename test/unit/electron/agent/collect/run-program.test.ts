import { expect, test } from 'vitest';
import { createProgramRunner } from '../../../../../electron/agent/collect/run-program.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

const node = process.execPath;
const run = createProgramRunner(systemClock);

test('what a program said comes with how it ended, in the language C', async () => {
  const script = 'console.log(process.env.LC_ALL); console.error("oh"); process.exitCode = 3';
  expect(await run(node, ['-e', script])).toEqual({ status: 3, stdout: 'C\n', stderr: 'oh\n' });
});

test('no shell reads the arguments', async () => {
  const { stdout } = await run(node, ['-p', 'process.argv[1]', '$(id) ; `id`']);
  expect(stdout).toBe('$(id) ; `id`\n');
});

test('a program that is not there', async () => {
  await expect(run('/nonexistent/tool', [])).rejects.toThrow('ENOENT');
});

test('a program that does not end is killed', async () => {
  const clock = new FakeClock();
  const output = createProgramRunner(clock)(node, ['-e', 'setInterval(() => {}, 1000)']);
  const ended = output.catch(String);
  while (clock.pending === 0) await clock.advance(0);
  await clock.advance(10_000);
  expect(await ended).toContain('did not end within 10 s');
});
