import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import { Banner } from '../../components/banner.tsx';
import { Card } from '../../components/card.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useStatus } from '../../hooks/use-status.tsx';
import { ABOUT } from '../../strings/about.ts';

type Licence = ReplyOf<'about.get'>['licences'][number];

const COLUMNS: readonly DataColumn<Licence>[] = [
  { id: 'name', title: 'Name', render: ({ name }) => name, sortBy: ({ name }) => name },
  { id: 'version', title: 'Version', render: ({ version }) => version, width: 128 },
  {
    id: 'licence',
    title: 'Licence',
    render: ({ licence }) => licence,
    sortBy: ({ licence }) => licence,
    width: 160,
  },
];

/** What runs here, where it keeps its files, and whose work is inside. */
export function AboutPage() {
  const { value: about, ...loaded } = useLoaded('about.get', {});
  const status = useStatus();
  return (
    <>
      <PageHeader title={ABOUT.title} />
      {loaded.state === 'failed' && (
        <Banner state="critical" isUrgent>
          {loaded.sentence}
        </Banner>
      )}
      {about !== null && (
        <>
          <Card title={ABOUT.versions}>
            <KeyValue
              rows={[
                { key: 'Tocsin', value: about.version },
                { key: 'Node', value: about.node.replace(/^v/, '') },
                ...(status === null ? [] : [{ key: 'Passwords', value: status.secretsProtection }]),
              ]}
            />
          </Card>
          <Card title={ABOUT.files}>
            <KeyValue
              rows={[
                { key: 'Data folder', value: <code>{about.dataDir}</code> },
                ...about.files.map(({ name, path }) => ({ key: name, value: <code>{path}</code> })),
              ]}
            />
          </Card>
          {about.licences.length > 0 && (
            <Card title={ABOUT.licences} isFlush>
              <DataTable
                label={ABOUT.licences}
                columns={COLUMNS}
                items={about.licences}
                itemKey={({ name, version }) => `${name} ${version}`}
                itemName={({ name }) => name}
              />
            </Card>
          )}
        </>
      )}
    </>
  );
}
