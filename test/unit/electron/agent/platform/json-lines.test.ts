import { expect, it } from 'vitest';
import { createJsonLines } from '../../../../../electron/agent/platform/json-lines.ts';

function written(use: (writer: ReturnType<typeof createJsonLines>) => void): string[] {
  const lines: string[] = [];
  use(createJsonLines((line) => lines.push(line)));
  return lines;
}

it('an entry is one line of JSON with level, time, fields and text, whatever the text holds', () => {
  const [line = ''] = written((log) => log.warn({ id: 'a', reply: null }, 'first\nsecond'));
  expect(line.endsWith('}\n')).toBe(true);
  expect(line.slice(0, -1)).not.toContain('\n');
  const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
  expect(rest).toEqual({ level: 40, id: 'a', reply: null, msg: 'first\nsecond' });
  expect(new Date(String(time)).toISOString()).toBe(time);
});

it('what bears the name of a secret is not written, however deep it stands', () => {
  const [line = ''] = written((log) =>
    log.error({ password: 'canary', server: { auth: { token: 'canary', user: 'jo' } } }, 'refused'),
  );
  expect(line).not.toContain('canary');
  expect(JSON.parse(line)).toMatchObject({ level: 50, server: { auth: { user: 'jo' } }, msg: 'refused' });
});
