import { expect, test } from 'vitest';
import { runKills } from './support/kill-run.ts';

/** A tenth of `npm run kill-test`. */
const KILLS = 20;
const ALERTS = 500;

test('killed again and again while alerts go out, the agent loses nothing and doubles only what a kill cut off', async () => {
  const seed = Date.now() % 1_000_000;
  const { lost, unexplained, messages, doubled } = await runKills({ kills: KILLS, alerts: ALERTS, seed });
  expect({ seed, lost, unexplained }).toEqual({ seed, lost: [], unexplained: [] });
  expect(messages).toBe(ALERTS + doubled);
}, 480_000);
