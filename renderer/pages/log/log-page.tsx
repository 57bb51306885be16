import './log.css';
import { useState } from 'react';
import type { PageProps } from '../../app/pages.ts';
import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import type { LogFilter } from '../../api/log-source.ts';
import { useDebounced } from '../../editors/entry/use-debounced.ts';
import { useLog } from '../../hooks/use-log.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { countText, LOG } from '../../strings/log.ts';
import { LogDetail } from './log-detail.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogTable } from './log-table.tsx';

const ALL: LogFilter = { search: null, status: null, route: null };
/** Typing goes on within so much; the log is searched when it stops. */
const TYPING_MS = 200;

/** What became of every message, newest first, and of one in full. */
export function LogPage({ rest: [opened] }: PageProps) {
  const router = useRouter();
  const [filter, setFilter] = useState(ALL);
  const search = useDebounced(filter.search, TYPING_MS);
  const log = useLog({ ...filter, search });
  const isFiltered = filter.search !== null || filter.status !== null || filter.route !== null;
  return (
    <>
      <PageHeader title={LOG.title} />
      {log.failure !== null && (
        <Banner state="critical" isUrgent>
          {log.failure}
        </Banner>
      )}
      {log.rows !== null && log.rows.length === 0 && !isFiltered ? (
        <EmptyState title={LOG.nothing} action={<a href={hrefOf('email')}>{LOG.toEmail}</a>}>
          {LOG.nothingWhy}
        </EmptyState>
      ) : (
        <>
          <LogFilters
            filter={filter}
            onChange={setFilter}
            count={log.rows === null ? '' : countText(log.rows.length, log.isAll)}
          />
          <LogTable
            rows={log.rows}
            readOn={log.readOn}
            onOpen={(id) => router.navigate('log', id)}
            empty={
              <EmptyState
                title={LOG.noMatch}
                action={<Button onPress={() => setFilter(ALL)}>{LOG.showAll}</Button>}
              >
                {LOG.noMatchWhy}
              </EmptyState>
            }
          />
        </>
      )}
      {opened !== undefined && <LogDetail key={opened} id={opened} onClose={() => router.navigate('log')} />}
    </>
  );
}
