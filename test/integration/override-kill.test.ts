import { expect, test } from 'vitest';
import { runOverrideKills } from './support/override-kill-run.ts';

/** A thirtieth of `npm run kill-test -- --override`. */
const KILLS = 6;
const ALERTS = 40;

test('agent and Web Service killed in turn, connections cut: each overridden alert is accepted once', async () => {
  const seed = Date.now() % 1_000_000;
  const { lost, wrong, doubledBySmtp } = await runOverrideKills({ kills: KILLS, alerts: ALERTS, seed });
  expect({ seed, lost, wrong }).toEqual({ seed, lost: [], wrong: [] });
  // A kill between the final dot and its reply, at most one for each open connection.
  expect(doubledBySmtp).toBeLessThanOrEqual(KILLS * 5);
}, 480_000);
