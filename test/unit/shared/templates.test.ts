import { describe, expect, test } from 'vitest';
import { evaluateAlert, initialAlertState } from '../../../electron/agent/evaluate/alert.ts';
import { parseSettings } from '../../../shared/contract/settings-rules.ts';
import type { AlertSettings } from '../../../shared/contract/settings.ts';
import { metricDefinition } from '../../../shared/model/metrics.ts';
import type { Reading } from '../../../shared/model/sample.ts';
import {
  ALERT_TEMPLATES,
  alertFromTemplate,
  alertInput,
  exampleTargets,
  TEMPLATE_SYSTEMS,
} from '../../../shared/templates.ts';

const STEP_MS = 10_000;

/** What is told while the same readings come every 10 s for a time: fired, reminder, resolved. */
function told(alert: AlertSettings, steps: readonly (readonly [values: Values, seconds: number])[]) {
  let state = initialAlertState(alert, 0);
  let now = 0;
  const events: string[] = [];
  for (const [values, seconds] of steps) {
    for (let checked = 0; checked <= seconds * 1000; checked += STEP_MS, now += STEP_MS) {
      const readings = values.map(
        (value): Reading => (value === null ? { value, unknown: 'not measured' } : { value }),
      );
      const options = { now, longestStepMs: 25_000, quiet: false, newIncidentId: () => 'incident' };
      const evaluation = evaluateAlert(alert, state, readings, options);
      state = evaluation.state;
      if (evaluation.event !== null) events.push(evaluation.event);
    }
  }
  return events;
}

type Values = readonly (number | string | null)[];

const DAY = 86_400;

/** For each template, readings as its conditions get them: what must fire, and what must not. */
const RULES: Readonly<Record<string, { readonly [rule: string]: readonly [Values, number, boolean] }>> = {
  'disk-nearly-full': {
    'above 90 % for a minute': [[90.1], 60, true],
    'at 90 %': [[90], 3600, false],
    'for less than a minute': [[99], 40, false],
    'a drive that is not there': [[null], 3600, false],
  },
  'memory-short': {
    'above 95 % for 5 min': [[95.5], 300, true],
    'for 4 min': [[99], 240, false],
    'at 94 %': [[94], 3600, false],
  },
  'computer-restarted': {
    'a minute after the start': [[60], 0, true],
    'eleven minutes after it': [[660], 3600, false],
  },
  'service-stopped': {
    'stopped for 30 s': [['stopped'], 30, true],
    'stopped for 20 s': [['stopped'], 20, false],
    running: [['running'], 3600, false],
  },
  'process-missing': {
    'gone for 30 s': [['stopped'], 30, true],
    'gone for 20 s': [['stopped'], 20, false],
    running: [['running'], 3600, false],
  },
  'backup-too-old': {
    'older than 26 h': [[26 * 3600 + 1, 'present'], 0, true],
    'of last night': [[20 * 3600, 'present'], 3600, false],
    'not there for 5 min': [[null, 'missing'], 300, true],
    'not there while it is replaced': [[null, 'missing'], 60, false],
  },
  'web-page-down': {
    'an error of the server for 2 min': [[503, 503], 120, true],
    'no answer for 2 min': [[0, 0], 120, true],
    'an error for a minute': [[503, 503], 60, false],
    'a page': [[200, 200], 3600, false],
    'a redirect': [[301, 301], 3600, false],
  },
  'certificate-expires': {
    'less than two weeks': [[13.9], 0, true],
    'ended already': [[-3], 0, true],
    'a month': [[30], 3600, false],
    'a server that does not answer': [[null], 3600, false],
  },
  'cpu-busy': {
    'above 90 % for 10 min': [[97], 600, true],
    'for 9 min': [[100], 540, false],
    'at 85 %': [[85], 3600, false],
  },
  'cpu-hot': {
    'above 85 °C for 2 min': [[86], 120, true],
    'for a minute': [[95], 60, false],
    'at 80 °C': [[80], 3600, false],
    'no sensor': [[null], 3600, false],
  },
};

const rules = ALERT_TEMPLATES.flatMap((template) =>
  Object.entries(RULES[template.id] ?? {}).map(
    ([rule, [values, seconds, fires]]) =>
      [`${template.id}, ${rule}: ${fires ? 'fires' : 'is quiet'}`, template, values, seconds, fires] as const,
  ),
);

describe('templates', () => {
  test.each(rules)('%s', (_rule, template, values, seconds, fires) => {
    const alert = alertFromTemplate(template, exampleTargets(template, 'linux'), ['it@contoso.example']);
    expect(told(alert, [[values, seconds]])).toEqual(fires ? ['fired'] : []);
  });

  test('each has a rule that fires and one that does not', () => {
    const complete = ALERT_TEMPLATES.map(({ id }) => {
      const fires = Object.values(RULES[id] ?? {}).map(([, , fire]) => fire);
      return [id, new Set(fires).size];
    });
    expect(complete).toEqual(ALERT_TEMPLATES.map(({ id }) => [id, 2]));
  });

  test.each(TEMPLATE_SYSTEMS)(
    'all together are settings without a fault, with the examples of %s',
    (system) => {
      const alerts = ALERT_TEMPLATES.map((template) => ({
        ...alertInput(template, exampleTargets(template, system)),
        recipients: ['it@contoso.example'],
      }));
      const parsed = parseSettings({ version: 1, alerts }, { cronFault: () => null });
      expect(parsed).toMatchObject({ ok: true });
      const made = ALERT_TEMPLATES.map((template) =>
        alertFromTemplate(template, exampleTargets(template, system), ['it@contoso.example']),
      );
      expect(parsed.ok ? parsed.settings.alerts : []).toEqual(made);
    },
  );

  test.each(
    ALERT_TEMPLATES.filter(({ blanks }) => blanks.length > 0).map((template) => [template.id, template]),
  )('%s left blank is refused where it is blank', (_id, template) => {
    const parsed = parseSettings(
      { version: 1, alerts: [alertFromTemplate(template)] },
      { cronFault: () => null },
    );
    const faults = parsed.ok ? [] : parsed.faults.map(({ path }) => path);
    const places = template.blanks.flatMap(({ conditions }) => conditions);
    expect(faults).toEqual(places.map((at) => `alerts[0].conditions[${at}].target`));
  });

  test('a blank stands for every condition that takes a target, and for no other', () => {
    for (const { alert, blanks } of ALERT_TEMPLATES) {
      const wanted = alert.conditions.flatMap(({ metric }, at) =>
        metricDefinition(metric).target === null ? [] : [at],
      );
      expect(blanks.flatMap(({ conditions }) => conditions)).toEqual(wanted);
    }
  });

  test('a new installation starts with disk, memory and restarts, with nothing to fill in', () => {
    const preselected = ALERT_TEMPLATES.filter((template) => template.preselected);
    expect(preselected.map(({ id }) => id)).toEqual([
      'disk-nearly-full',
      'memory-short',
      'computer-restarted',
    ]);
    expect(preselected.flatMap(({ blanks }) => blanks).every(({ usable }) => usable)).toBe(true);
  });

  test('a restart is told once, without reminder or end', () => {
    const template = ALERT_TEMPLATES.find(({ id }) => id === 'computer-restarted');
    const alert = template && alertFromTemplate(template);
    expect(
      alert &&
        told(alert, [
          [[30], 600],
          [[700], 2 * DAY],
        ]),
    ).toEqual(['fired']);
  });

  test('ids and titles differ, and a purpose is one sentence', () => {
    for (const key of ['id', 'title'] as const) {
      expect(new Set(ALERT_TEMPLATES.map((template) => template[key])).size).toBe(ALERT_TEMPLATES.length);
    }
    expect(ALERT_TEMPLATES.filter(({ purpose }) => !/^Tells you [^.]+\.$/.test(purpose))).toEqual([]);
  });
});
