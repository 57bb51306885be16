import { describe, expect, test } from 'vitest';
import { alertDraft, alertOf, newConditionKey, soundPart } from '../../../renderer/model/alert-draft.ts';
import { conditionDraft, conditionOf, withMetric } from '../../../renderer/model/condition-draft.ts';
import { parseSettings } from '../../../shared/contract/settings-rules.ts';
import { type AlertSettings, settingsSchema } from '../../../shared/contract/settings.ts';
import { ALERT_TEMPLATES, alertFromTemplate, exampleTargets } from '../../../shared/templates.ts';
import { exampleSettings } from '../../fakes/example-settings.ts';

const examples: readonly AlertSettings[] = [
  ...settingsSchema.parse(exampleSettings()).alerts,
  ...ALERT_TEMPLATES.map((template) => alertFromTemplate(template, exampleTargets(template, 'linux'))),
];

function faultsOf(alert: AlertSettings): string[] {
  const parsed = parseSettings({ version: 1, alerts: [alert] }, { cronFault: () => null });
  return parsed.ok ? [] : parsed.faults.map(({ path }) => path);
}

describe('an alert in its editor', () => {
  test.each(examples.map((alert) => [alert.name, alert] as const))(
    '“%s” comes out as it went in',
    (_, alert) => {
      expect(alertOf(alertDraft(alert))).toEqual(alert);
    },
  );

  test('a reminder that is turned off is 0 in the settings, and its time stays in the editor', () => {
    const [alert] = examples;
    if (alert === undefined) throw new Error('no example');
    const draft = { ...alertDraft({ ...alert, repeatMinutes: 60 }), reminds: false };
    expect([alertOf(draft).repeatMinutes, draft.repeatMinutes]).toEqual([0, 60]);
  });

  test('a number that is empty is a fault, by name', () => {
    const [alert] = examples;
    if (alert === undefined) throw new Error('no example');
    const draft = { ...alertDraft(alert), reminds: true, repeatMinutes: null };
    expect(faultsOf(alertOf(draft))).toEqual(['alerts[0].repeatMinutes']);
  });

  test('what is not complete yet is left out of what is measured meanwhile', () => {
    const [alert] = examples;
    if (alert === undefined) throw new Error('no example');
    const empty = conditionDraft({ metric: 'disk.usedPercent', forSeconds: 0 }, 'new');
    const draft = { ...alertDraft(alert), name: ' ', unknownAfterSeconds: null };
    const sound = soundPart({ ...draft, conditions: [...draft.conditions, empty] }, 'New alert');
    expect(sound.conditions).toEqual(alert.conditions);
    expect(faultsOf(sound)).toEqual([]);
  });

  test('a new row has a key of its own, whatever has been removed', () => {
    const rows = ['0', '3'].map((key) => conditionDraft({ metric: 'cpu.usedPercent', forSeconds: 0 }, key));
    expect(newConditionKey(rows)).toBe('4');
    expect(newConditionKey([])).toBe('0');
  });
});

describe('a condition that is put on another metric', () => {
  const disk = conditionDraft({ metric: 'disk.usedPercent', target: '/', above: 90, forSeconds: 60 }, '0');

  test('keeps target and limit where they mean the same', () => {
    expect(conditionOf(withMetric(disk, 'disk.freeBytes'))).toEqual({
      metric: 'disk.freeBytes',
      target: '/',
      forSeconds: 60,
    });
    expect(conditionOf(withMetric(disk, 'memory.usedPercent'))).toEqual({
      metric: 'memory.usedPercent',
      above: 90,
      forSeconds: 60,
    });
  });

  test('on a state waits for what is wrong', () => {
    expect(conditionOf({ ...withMetric(disk, 'service.state'), target: 'nginx' })).toEqual({
      metric: 'service.state',
      target: 'nginx',
      is: 'stopped',
      forSeconds: 60,
    });
  });
});
