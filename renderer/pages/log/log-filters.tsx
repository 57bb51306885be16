import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import type { LogFilter } from '../../api/log-source.ts';
import { LOG, ROUTE_OPTIONS, STATUS_OPTIONS } from '../../strings/log.ts';

/** As many characters as the agent takes. */
const SEARCH_MAX = 200;

export interface LogFiltersProps {
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
  /** How many messages are shown, in words. */
  readonly count: string;
}

/** Which messages are shown. */
export function LogFilters({ filter, onChange, count }: LogFiltersProps) {
  return (
    <search className="log-filters">
      <div className="log-search">
        <TextField
          label={LOG.search}
          type="search"
          placeholder={LOG.searchHint}
          maxLength={SEARCH_MAX}
          value={filter.search ?? ''}
          onChange={(text) => onChange({ ...filter, search: text.trim() === '' ? null : text })}
        />
      </div>
      <Select
        label={LOG.status}
        value={filter.status ?? 'all'}
        options={STATUS_OPTIONS}
        onChange={(status) => onChange({ ...filter, status: status === 'all' ? null : status })}
      />
      <Select
        label={LOG.route}
        value={filter.route ?? 'all'}
        options={ROUTE_OPTIONS}
        onChange={(route) => onChange({ ...filter, route: route === 'all' ? null : route })}
      />
      <span className="log-count muted" role="status">
        {count}
      </span>
    </search>
  );
}
