import { conditionTitle, formatValue } from '../../shared/format.ts';
import type { AlertCheck, ConditionStatus } from '../../shared/model/status.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { connect } from './connect.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import { columns, isoTime, type Output } from './output.ts';

const ALERT_WORDS: Readonly<Record<AlertCheck['verdict'], string>> = {
  fires: 'FIRES',
  pending: 'would fire if it holds on',
  ok: 'ok',
  unknown: 'unknown',
};

const CONDITION_WORDS: Readonly<Record<ConditionStatus['verdict'], string>> = {
  holding: 'met',
  met: 'met, hold time runs',
  clear: 'not met',
  unknown: 'unknown',
};

/** Measures once and says what each alert makes of it. Status 1 where an alert that is enabled fires. */
export async function checkCommand(dataDir: DataDir, output: Output): Promise<ExitStatus> {
  const connection = await connect(dataDir);
  try {
    const report = await connection.call('alerts.check', {});
    const firing = report.alerts.filter((alert) => alert.enabled && alert.verdict === 'fires');
    output.answer({ checkedAt: isoTime(report.checkedAt), alerts: report.alerts.map(alertJson) }, () => {
      if (report.alerts.length === 0)
        output.line('No conditional alerts are set up, so there is nothing to check.');
      for (const alert of report.alerts) {
        const off = alert.enabled ? '' : ', switched off';
        output.line(`${alert.name} (${alert.severity}${off}): ${ALERT_WORDS[alert.verdict]}`);
        for (const line of columns(alert.conditions.map(conditionCells))) output.line(`  ${line}`);
      }
    });
    return firing.length > 0 ? EXIT.no : EXIT.done;
  } finally {
    await connection.close();
  }
}

export function conditionCells(condition: ConditionStatus): string[] {
  const { metric, target, reading } = condition;
  const title = conditionTitle(target === null ? { metric } : { metric, target });
  const value = reading.value === null ? 'unknown' : formatValue(metric, reading.value);
  const verdict = reading.value === null ? `unknown: ${reading.unknown}` : CONDITION_WORDS[condition.verdict];
  const detail = reading.value !== null && reading.detail ? ` (${reading.detail})` : '';
  return [title, `${value}${detail}`, `fires when ${condition.limit}`, verdict];
}

function alertJson(alert: AlertCheck) {
  return { ...alert, conditions: alert.conditions.map(conditionJson) };
}

export function conditionJson({ reading, measuredAt, ...rest }: ConditionStatus) {
  return {
    ...rest,
    value: reading.value,
    unknown: reading.value === null ? reading.unknown : null,
    detail: reading.value === null ? null : (reading.detail ?? null),
    measuredAt: isoTime(measuredAt),
  };
}
