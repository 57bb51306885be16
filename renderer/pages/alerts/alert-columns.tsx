import type { DataColumn } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import type { AlertRow } from '../../model/alert-row.ts';
import { ALERTS } from '../../strings/alerts.ts';
import { AddressList } from '../../editors/entry/address-list.tsx';
import { nameColumn } from '../entries/name-column.tsx';

const { columns } = ALERTS;

/** The columns of the list of alerts. */
export const ALERT_COLUMNS: readonly DataColumn<AlertRow>[] = [
  nameColumn(columns.name, '3fr', ({ alert }) => alert.name),
  {
    id: 'state',
    title: columns.state,
    sortBy: ({ rank }) => rank,
    width: 132,
    render: ({ state, word }) => <StateMark state={state} word={word} />,
  },
  {
    id: 'watches',
    title: columns.watches,
    width: '3fr',
    render: ({ watches, value, details }) => (
      <span className="watches" title={details}>
        <span className="cut">{watches}</span> <strong>{value}</strong>
      </span>
    ),
  },
  {
    id: 'recipients',
    title: columns.recipients,
    isExtra: true,
    width: '2fr',
    render: ({ alert }) => <AddressList addresses={[...alert.recipients, ...alert.sms]} />,
  },
  {
    id: 'lastFired',
    title: columns.lastFired,
    isExtra: true,
    width: 92,
    sortBy: ({ status }) => status?.lastFiredAt ?? null,
    render: ({ status }) =>
      status === null || status.lastFiredAt === null ? (
        <span className="muted">{ALERTS.never}</span>
      ) : (
        <TimeAgo at={status.lastFiredAt} />
      ),
  },
];
