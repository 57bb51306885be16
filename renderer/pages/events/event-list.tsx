import { useState } from 'react';
import {
  type EventActionRecord,
  eventSentence,
  SMTP_EVENT_TITLES,
  type SmtpEventRecord,
} from '../../../shared/model/smtp-event.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useEvent } from '../../hooks/use-event.ts';
import { useNow } from '../../hooks/use-now.ts';
import type { State } from '../../model/state.ts';
import { ACTION_STATUS, EVENTS } from '../../strings/events.ts';
import { EventDialog } from './event-dialog.tsx';

const FIRST = 50;
/** As many as one call gives. */
const MOST = 500;
/** Actions may be done long after the log has changed. */
const AGAIN_MS = 10_000;

/** The events of the last 30 days, newest first, with what was done about each. */
export function EventList() {
  const [limit, setLimit] = useState(FIRST);
  const [changes, setChanges] = useState(0);
  const [opened, setOpened] = useState<number | null>(null);
  useEvent('log.changed', () => setChanges((count) => count + 1));
  const round = Math.floor(useNow(AGAIN_MS) / AGAIN_MS);
  const loaded = useLoaded('events.list', { limit, before: null }, `${changes} ${round}`);
  const records = loaded.value ?? [];
  const shown = records.find(({ id }) => id === opened) ?? null;
  return (
    <Card title={EVENTS.happened} isFlush>
      {loaded.state === 'failed' && (
        <Banner state="critical" isUrgent>
          {loaded.sentence}
        </Banner>
      )}
      {loaded.value !== null && records.length === 0 ? (
        <p className="muted events-none">{EVENTS.nothingHappened}</p>
      ) : (
        <DataTable
          label={EVENTS.happened}
          columns={COLUMNS}
          items={records}
          itemKey={({ id }) => String(id)}
          itemName={({ event }) => SMTP_EVENT_TITLES[event.type]}
          onOpen={({ id }) => setOpened(id)}
        />
      )}
      {records.length === limit && limit < MOST && (
        <div className="events-more">
          <Button onPress={() => setLimit(MOST)}>{EVENTS.more}</Button>
        </div>
      )}
      {shown !== null && <EventDialog record={shown} onClose={() => setOpened(null)} />}
    </Card>
  );
}

const { columns } = EVENTS;

const COLUMNS: readonly DataColumn<SmtpEventRecord>[] = [
  { id: 'time', title: columns.time, width: 112, render: ({ event }) => <TimeAgo at={event.at} /> },
  {
    id: 'what',
    title: columns.what,
    isName: true,
    render: ({ event }) => (
      <span className="stack-tight">
        {SMTP_EVENT_TITLES[event.type]}
        <span className="muted small two-lines">{eventSentence(event)}</span>
      </span>
    ),
  },
  {
    id: 'done',
    title: columns.done,
    width: 132,
    render: ({ actions }) => <Done actions={actions} />,
  },
];

const STATES: Readonly<Record<EventActionRecord['status'], State>> = {
  failed: 'critical',
  queued: 'unknown',
  done: 'ok',
};

/** The action that fares worst, and of how many that is true. */
function Done({ actions }: { readonly actions: readonly EventActionRecord[] }) {
  const [worst] = (['failed', 'queued', 'done'] as const).filter((status) =>
    actions.some((action) => action.status === status),
  );
  if (worst === undefined) return <span className="muted">–</span>;
  const alike = actions.filter(({ status }) => status === worst).length;
  const word =
    alike === actions.length
      ? ACTION_STATUS[worst]
      : `${ACTION_STATUS[worst]}, ${alike} of ${actions.length}`;
  return <StateMark state={STATES[worst]} word={word} />;
}
