import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initialAlertState } from '../../../../../electron/agent/evaluate/alert.ts';
import { CLEAR } from '../../../../../electron/agent/evaluate/condition.ts';
import { dryCheck } from '../../../../../electron/agent/schedule/dry-check.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import type { ConditionPhase } from '../../../../../shared/model/alert.ts';
import { fastClock } from '../../../../fakes/fast-clock.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

test.each<[ConditionPhase, string, string]>([
  ['clear', 'the hold time would begin now', 'pending'],
  ['met', 'the hold time runs in the watch', 'pending'],
  ['holding', 'the watch has seen it hold for its time already', 'fires'],
])('a condition that is met and was %s: %s', async (phase, _, verdict) => {
  const target = join(scratchDir(), 'backup.done');
  const [alert] = settingsSchema.parse({
    version: 1,
    alerts: [
      { name: 'Backup', conditions: [{ metric: 'file.state', target, is: 'missing', forSeconds: 60 }] },
    ],
  }).alerts;
  if (!alert) throw new Error('the settings hold one alert');
  const state = { ...initialAlertState(alert, 0), conditions: [{ ...CLEAR, phase }] };
  const report = await dryCheck([alert], [{ alert, state, samples: [] }], fastClock(20));
  expect(report.alerts[0]?.verdict).toBe(verdict);
});
