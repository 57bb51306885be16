import type { SmtpEventRule } from '../../../shared/contract/settings.ts';
import { SMTP_EVENT_TITLES } from '../../../shared/model/smtp-event.ts';
import { Card } from '../../components/card.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { conditionCount } from '../../model/event-rule-draft.ts';
import { ACTION_TITLES, EVENTS } from '../../strings/events.ts';
import { nameColumn } from '../entries/name-column.tsx';
import { useEntryMenu } from '../entries/use-entry-menu.ts';

const { columns } = EVENTS;

const COLUMNS: readonly DataColumn<SmtpEventRule>[] = [
  nameColumn(columns.name, '3fr', ({ name }) => name),
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
  const menu = useEntryMenu('events', 'smtpEvents');
  return (
    <Card title={EVENTS.rules} isFlush>
      <DataTable
        label={EVENTS.rules}
        columns={COLUMNS}
        items={rules}
        itemKey={({ name }) => name}
        itemName={({ name }) => name}
        onOpen={({ name }) => router.navigate('events', name)}
        actions={(rule) => menu(rule)}
      />
    </Card>
  );
}

function Conditions({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return <span className="muted small">{count === 1 ? 'and 1 condition' : `and ${count} conditions`}</span>;
}
