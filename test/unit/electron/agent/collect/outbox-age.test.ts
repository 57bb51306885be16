import { expect, test } from 'vitest';
import { createOutboxAgeSource } from '../../../../../electron/agent/collect/outbox-age.ts';
import { at, readOne } from './measuring.ts';

test.each([
  ['nothing waits', null, 0],
  ['the oldest has waited a minute', 940_000, 60],
  ['the clock was set back since', 2_000_000, 0],
])('%s', async (_rule, oldest, seconds) => {
  const source = createOutboxAgeSource(() => oldest);
  expect(await readOne(source, 'mail.outboxAgeSeconds', null, at(0, 1_000_000))).toEqual({ value: seconds });
});
