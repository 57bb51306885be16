import { useState } from 'react';
import type { AlertSettings } from '../../../shared/contract/settings.ts';
import { DataTable } from '../../components/data-table.tsx';
import { TextField } from '../../components/text-field.tsx';
import { TestAlertDialog } from '../../editors/alert/test-alert-dialog.tsx';
import { useNow } from '../../hooks/use-now.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { useStatus } from '../../hooks/use-status.tsx';
import { alertRows, matchesSearch } from '../../model/alert-row.ts';
import { ALERTS } from '../../strings/alerts.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { ALERT_COLUMNS } from './alert-columns.tsx';
import { useAlertActions } from './use-alert-actions.ts';

/** From so many on, a list can be searched. */
const SEARCH_FROM = 11;
/** From so many on, only the rows are drawn that can be seen. */
const LONG_FROM = 40;

/** The alerts as a table, what wants attention first. */
export function AlertList({ alerts }: { readonly alerts: readonly AlertSettings[] }) {
  const router = useRouter();
  const status = useStatus();
  const now = useNow(5000);
  const [search, setSearch] = useState('');
  const [tested, setTested] = useState<AlertSettings | null>(null);
  const actions = useAlertActions(setTested);
  const isSearchable = alerts.length >= SEARCH_FROM;
  const rows = alertRows(alerts, status?.alerts ?? [], now);
  const shown =
    isSearchable && search.trim() !== '' ? rows.filter((row) => matchesSearch(row, search.trim())) : rows;
  const isLong = alerts.length >= LONG_FROM;
  return (
    <>
      {isSearchable && (
        <div className="alert-search">
          <TextField
            label={ALERTS.search}
            isLabelHidden
            type="search"
            value={search}
            onChange={setSearch}
            placeholder={ALERTS.searchPlaceholder}
          />
        </div>
      )}
      <div className={isLong ? 'card alert-list-long' : 'card'}>
        <DataTable
          label={NAVIGATION.alerts}
          columns={ALERT_COLUMNS}
          items={shown}
          itemKey={({ alert }) => alert.name}
          itemName={({ alert }) => alert.name}
          initialSort={{ column: 'state', direction: 'ascending' }}
          onOpen={({ alert }) => router.navigate('alerts', alert.name)}
          actions={actions}
          isLong={isLong}
          empty={<p className="muted data-empty">{ALERTS.nothingFound}</p>}
        />
      </div>
      {tested !== null && <TestAlertDialog alert={tested} onClose={() => setTested(null)} />}
    </>
  );
}
