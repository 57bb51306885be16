import { useState } from 'react';
import { Button } from '../../../renderer/components/button.tsx';
import { Card } from '../../../renderer/components/card.tsx';
import { type DataColumn, DataTable } from '../../../renderer/components/data-table.tsx';
import { Dialog } from '../../../renderer/components/dialog.tsx';
import { EmptyState } from '../../../renderer/components/empty-state.tsx';
import { HistoryChart } from '../../../renderer/components/history-chart.tsx';
import { KeyValue } from '../../../renderer/components/key-value.tsx';
import { Sparkline } from '../../../renderer/components/sparkline.tsx';
import { TimeAgo, TimeUntil } from '../../../renderer/components/time-ago.tsx';
import { changeEntry, changeSection } from '../../../renderer/model/settings-change.ts';
import { defaultSettings } from '../../../shared/contract/settings.ts';

interface Entry {
  readonly name: string;
  readonly size: number;
}

const FEW: readonly Entry[] = [
  { name: 'Charlie', size: 3 },
  { name: 'alpha', size: 20 },
  { name: 'Bravo', size: 1 },
];
const MANY: readonly Entry[] = Array.from({ length: 10_000 }, (_, at) => ({
  name: `Message ${at}`,
  size: at,
}));

const COLUMNS: readonly DataColumn<Entry>[] = [
  { id: 'name', title: 'Name', render: ({ name }) => name, sortBy: ({ name }) => name },
  {
    id: 'size',
    title: 'Size',
    render: ({ size }) => size,
    sortBy: ({ size }) => size,
    isNumber: true,
    width: 96,
  },
];

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2026, 0, 5);
const POINTS = Array.from({ length: 24 }, (_, at) => ({
  at: FROM + at * HOUR_MS,
  min: 40 + at / 2,
  avg: 45 + at,
  max: 50 + at,
}));
const LIMITS = [{ value: 90, label: 'Disk nearly full' }];

export function Lists() {
  const [opened, setOpened] = useState<string | null>(null);
  const chart = { from: FROM, to: FROM + 24 * HOUR_MS, points: POINTS };
  return (
    <>
      <Card title="Lists" aside={<span className="muted">three</span>} isFlush>
        <DataTable
          label="Few"
          columns={COLUMNS}
          items={FEW}
          itemKey={({ name }) => name}
          itemName={({ name }) => name}
          initialSort={{ column: 'name', direction: 'ascending' }}
          onOpen={({ name }) => setOpened(name)}
          actions={({ name }) => [
            { id: 'edit', label: 'Edit', onAction: () => setOpened(name) },
            { id: 'remove', label: 'Remove', isDanger: true, onAction: () => {} },
          ]}
        />
      </Card>
      <div className="gallery-long">
        <DataTable
          label="Many"
          columns={COLUMNS}
          items={MANY}
          itemKey={({ name }) => name}
          itemName={({ name }) => name}
          actions={({ name }) => [{ id: 'open', label: 'Open', onAction: () => setOpened(name) }]}
          isLong
        />
      </div>
      <Card title="Nothing" isFlush>
        <EmptyState title="No conditional alerts yet." action={<Button>Start from a template</Button>}>
          One watches something on this computer, and mails people when it passes a limit.
        </EmptyState>
      </Card>
      <Card title="History">
        <Sparkline {...chart} bars={24} label="Disk / used, last 24 hours" atLeast={100} />
        <HistoryChart {...chart} metric="disk.usedPercent" title="Disk / used" limits={LIMITS} />
        <KeyValue
          rows={[
            { key: 'Begun', value: <TimeAgo at={FROM} /> },
            { key: 'Next', value: <TimeUntil at={FROM + 40 * 365 * 24 * HOUR_MS} /> },
          ]}
        />
      </Card>
      <Dialog
        title={opened ?? ''}
        isOpen={opened !== null}
        onClose={() => setOpened(null)}
        size="editor"
        footer={<Button look="primary">Save</Button>}
      >
        {JSON.stringify(changed(), null, 1).slice(0, 200)}
      </Dialog>
    </>
  );
}

/** What an editor hands to `save`. */
function changed() {
  const settings = defaultSettings();
  const renamed = changeSection('profile', settings.profile, { emails: ['it@contoso.example'], sms: [] });
  const added = changeEntry('maintenance', null, { name: 'Patching', cron: '0 2 * * 0', minutes: 120 });
  return added(renamed(settings) ?? settings);
}
