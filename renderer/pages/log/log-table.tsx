import { type ReactNode, useState } from 'react';
import type { DeliverySummary, RecipientState } from '../../../shared/model/delivery.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { messageState, recipientState, recipientsToResend } from '../../model/delivery-state.ts';
import { LOG, ROUTES } from '../../strings/log.ts';
import { ResendDialog } from './resend-dialog.tsx';

export interface LogTableProps {
  /** Null until they have been read. */
  readonly rows: readonly DeliverySummary[] | null;
  readonly readOn: () => void;
  readonly onOpen: (id: string) => void;
  readonly empty: ReactNode;
}

const COLUMNS: readonly DataColumn<DeliverySummary>[] = [
  { id: 'at', title: 'Time', width: 104, render: ({ createdAt }) => <TimeAgo at={createdAt} /> },
  {
    id: 'state',
    title: 'State',
    width: 128,
    render: ({ recipients }) => <StateMark {...messageState(recipients)} />,
  },
  {
    id: 'subject',
    title: 'Subject and recipients',
    isName: true,
    render: ({ subject, recipients }) => (
      <div className="log-subject">
        <span className="cut" title={subject}>
          {subject}
        </span>
        <Recipients recipients={recipients} />
      </div>
    ),
  },
  { id: 'way', title: 'Way', width: 96, isExtra: true, render: ({ route }) => ROUTES[route] },
];

/** As many messages as there are, in rows of one line. */
export function LogTable({ rows, readOn, onOpen, empty }: LogTableProps) {
  const [resending, setResending] = useState<DeliverySummary | null>(null);
  return (
    <div className="log-table">
      <DataTable
        label={LOG.table}
        columns={COLUMNS}
        items={rows ?? []}
        itemKey={rowKey}
        itemName={rowName}
        onOpen={({ id }) => onOpen(id)}
        actions={(row) => [
          { id: 'open', label: LOG.open, onAction: () => onOpen(row.id) },
          {
            id: 'resend',
            label: LOG.resend,
            isDisabled: recipientsToResend(row.recipients).length === 0,
            onAction: () => setResending(row),
          },
        ]}
        onEndNear={readOn}
        empty={rows === null ? <span /> : empty}
        isLong
        lines={2}
      />
      {resending !== null && (
        <ResendDialog
          id={resending.id}
          recipients={resending.recipients}
          onClose={() => setResending(null)}
        />
      )}
    </div>
  );
}

const rowKey = ({ id }: DeliverySummary): string => id;
const rowName = ({ subject }: DeliverySummary): string => subject;

/** Each with the mark of its own state. */
function Recipients({ recipients }: { readonly recipients: readonly RecipientState[] }) {
  const all = recipients.map((recipient) => ({ ...recipientState(recipient), address: recipient.address }));
  return (
    <span
      className="cut muted small"
      title={all.map(({ address, word }) => `${address}: ${word}`).join('\n')}
    >
      {all.slice(0, SHOWN).map(({ address, state, word }) => (
        <span key={address} className="log-recipient">
          <StateMark state={state} /> {address}
          <span className="visually-hidden">, {word}</span>
        </span>
      ))}
      {all.length > SHOWN && <span className="muted">and {all.length - SHOWN} more</span>}
    </span>
  );
}

/** More do not fit into a row. */
const SHOWN = 4;
