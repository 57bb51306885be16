import { conditionTitle, formatValue } from '../../../shared/format.ts';
import type { AlertStatus, ConditionStatus } from '../../../shared/model/status.ts';
import { Card } from '../../components/card.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { exactShortTime, TimeAgo } from '../../components/time-ago.tsx';
import { tellDone } from '../../components/toast.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { OVERVIEW, snoozedText, SNOOZES } from '../../strings/overview.ts';

const COLUMNS: readonly DataColumn<AlertStatus>[] = [
  {
    id: 'name',
    title: 'Alert',
    width: 160,
    render: (alert) => (
      <span className="row">
        <StateMark state={alert.severity === 'critical' ? 'critical' : 'warning'} />
        <span className="two-lines" title={alert.name}>
          {alert.name}
          <span className="visually-hidden">, {alert.severity}</span>
        </span>
      </span>
    ),
  },
  { id: 'what', title: 'What', render: (alert) => <Causes conditions={alert.conditions} /> },
  {
    id: 'since',
    title: 'Since',
    width: 120,
    render: (alert) => (
      <span className="stack-tight">
        {alert.since !== null && <TimeAgo at={alert.since} />}
        <Quiet alert={alert} />
      </span>
    ),
  },
];

/** What fires now, the worst first, with what can be done about it. */
export function ActiveAlerts({ alerts }: { readonly alerts: readonly AlertStatus[] }) {
  const router = useRouter();
  const acknowledge = useCall('alerts.acknowledge');
  const snooze = useCall('alerts.snooze');
  return (
    <Card title={OVERVIEW.alertsCard} isFlush>
      <DataTable
        label={OVERVIEW.alertsCard}
        columns={COLUMNS}
        items={alerts}
        itemKey={(alert) => alert.name}
        itemName={(alert) => alert.name}
        onOpen={(alert) => router.navigate('alerts', alert.name)}
        actions={({ name, acknowledgedAt }) => [
          {
            id: 'acknowledge',
            label: OVERVIEW.acknowledge,
            isDisabled: acknowledgedAt !== null,
            onAction: () => void acknowledge.run({ name }),
          },
          ...SNOOZES.map(({ label, minutes }) => ({
            id: label,
            label,
            onAction: () =>
              void snooze.run({ name, minutes }).then((reply) => {
                if (reply?.outcome === 'done') tellDone(snoozedText(name, minutes));
              }),
          })),
          { id: 'open', label: OVERVIEW.openAlert, onAction: () => router.navigate('alerts', name) },
        ]}
      />
    </Card>
  );
}

/** The conditions that hold, with their values: "Disk / used 91.3 %, limit above 90 %". */
function Causes({ conditions }: { readonly conditions: readonly ConditionStatus[] }) {
  const met = conditions.filter(({ verdict }) => verdict === 'met' || verdict === 'holding');
  return (
    <span className="stack-tight">
      {(met.length > 0 ? met : conditions).map(({ metric, target, reading, limit }) => (
        <span key={`${metric} ${target ?? ''} ${limit}`}>
          {conditionTitle(target === null ? { metric } : { metric, target })}{' '}
          <strong>{formatValue(metric, reading.value)}</strong>
          {typeof reading.value === 'number' && <span className="muted">, limit {limit}</span>}
        </span>
      ))}
    </span>
  );
}

function Quiet({ alert }: { readonly alert: AlertStatus }) {
  const now = useNow(30_000);
  if (alert.acknowledgedAt !== null) return <span className="muted small">{OVERVIEW.acknowledged}</span>;
  if (alert.snoozedUntil === null || alert.snoozedUntil <= now) return null;
  return <span className="muted small">Snoozed until {exactShortTime(alert.snoozedUntil)}</span>;
}
