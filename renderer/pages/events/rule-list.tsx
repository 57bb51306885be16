import type { SmtpEventRule } from '../../../shared/contract/settings.ts';
import { SMTP_EVENT_TITLES } from '../../../shared/model/smtp-event.ts';
import { Card } from '../../components/card.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { useEntryActions } from '../../editors/entry/use-entry-actions.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { conditionCount } from '../../model/event-rule-draft.ts';
import { ACTION_TITLES, EVENTS } from '../../strings/events.ts';

const { columns } = EVENTS;

const COLUMNS: readonly DataColumn<SmtpEventRule>[] = [
  {
    id: 'name',
    title: columns.name,
    width: '3fr',
    sortBy: ({ name }) => name,
    render: ({ name }) => (
      <span className="two-lines" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'event',
    title: columns.event,
    width: '3fr',
    sortBy: ({ event }) => SMTP_EVENT_TITLES[event],
    render: ({ event, conditions }) => (
      <span className="stack-tight">
        {SMTP_EVENT_TITLES[event]}
        <Conditions count={conditionCount(conditions)} />
      </span>
    ),
  },
  {
    id: 'actions',
    title: columns.actions,
    width: '3fr',
    render: ({ actions }) => (
      <span className="two-lines">
        {[...new Set(actions.map(({ type }) => ACTION_TITLES[type]))].join(', ')}
      </span>
    ),
  },
  {
    id: 'state',
    title: columns.state,
    width: 72,
    sortBy: ({ enabled }) => (enabled ? 0 : 1),
    render: ({ enabled }) =>
      enabled ? <StateMark state="ok" word={EVENTS.on} /> : <StateMark state="paused" word={EVENTS.off} />,
  },
];

/** The rules as a table. */
export function RuleList({ rules }: { readonly rules: readonly SmtpEventRule[] }) {
  const router = useRouter();
  const entries = useEntryActions('smtpEvents');
  return (
    <Card title={EVENTS.rules} isFlush>
      <DataTable
        label={EVENTS.rules}
        columns={COLUMNS}
        items={rules}
        itemKey={({ name }) => name}
        itemName={({ name }) => name}
        onOpen={({ name }) => router.navigate('events', name)}
        actions={(rule) => [
          { id: 'edit', label: EVENTS.edit, onAction: () => router.navigate('events', rule.name) },
          {
            id: 'duplicate',
            label: EVENTS.duplicate,
            onAction: () => router.navigate('events', 'copy', rule.name),
          },
          {
            id: 'turn',
            label: rule.enabled ? EVENTS.turnOff : EVENTS.turnOn,
            onAction: () => void entries.change(rule, { ...rule, enabled: !rule.enabled }),
          },
          { id: 'remove', label: EVENTS.remove, isDanger: true, onAction: () => void entries.remove(rule) },
        ]}
      />
    </Card>
  );
}

function Conditions({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return <span className="muted small">{count === 1 ? 'and 1 condition' : `and ${count} conditions`}</span>;
}
