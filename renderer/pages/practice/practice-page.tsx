import './practice.css';
import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { PageProps } from '../../app/pages.ts';
import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { PRACTICE } from '../../strings/practice.ts';
import { PracticeMail } from './practice-mail.tsx';

type Entry = ReplyOf<'practice.list'>[number];

/** As many as the mailbox keeps. */
const LIMIT = 200;
/** A test mail raises no event of the delivery log, so the list is looked at anew this often. */
const LOOK_AGAIN_MS = 3000;

const COLUMNS: readonly DataColumn<Entry>[] = [
  {
    id: 'subject',
    title: PRACTICE.subject,
    render: ({ subject }) => (
      <span className="cut" title={subject}>
        {subject}
      </span>
    ),
    sortBy: ({ subject }) => subject,
    width: '3fr',
  },
  {
    id: 'to',
    title: PRACTICE.to,
    render: ({ to }) => (
      <span className="cut" title={to.join(', ')}>
        {to.join(', ')}
      </span>
    ),
    sortBy: ({ to }) => to.join(', '),
    width: '2fr',
  },
  {
    id: 'at',
    title: PRACTICE.received,
    render: ({ at }) => <TimeAgo at={at} />,
    sortBy: ({ at }) => at,
    width: 128,
  },
];

/** What the mail server inside Tocsin has received: the list, and one mail as its reader would see it. */
export function PracticePage({ rest }: PageProps) {
  const [id] = rest;
  return id === undefined ? <PracticeList /> : <PracticeMail key={id} id={id} />;
}

function PracticeList() {
  const router = useRouter();
  const now = useNow(LOOK_AGAIN_MS);
  const list = useLoaded('practice.list', { limit: LIMIT }, now);
  return (
    <>
      <PageHeader title={PRACTICE.title} />
      <p className="muted">{PRACTICE.what}</p>
      {list.state === 'failed' && list.value === null && (
        <Banner state="critical" isUrgent>
          {list.sentence}
        </Banner>
      )}
      {list.value?.length === 0 && (
        <EmptyState title={PRACTICE.emptyTitle} action={<a href={hrefOf('email')}>{PRACTICE.toEmail}</a>}>
          {PRACTICE.empty}
        </EmptyState>
      )}
      {list.value !== null && list.value.length > 0 && (
        <div className="practice-list">
          <DataTable
            label={PRACTICE.list}
            columns={COLUMNS}
            items={list.value}
            itemKey={({ id }) => id}
            itemName={({ subject }) => subject}
            onOpen={({ id }) => router.navigate('practice', id)}
            initialSort={{ column: 'at', direction: 'descending' }}
            isLong
          />
        </div>
      )}
    </>
  );
}
