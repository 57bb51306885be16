import type { AgentStatus } from '../../../shared/model/status.ts';
import { hrefOf } from '../../app/router.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Menu } from '../../components/menu.tsx';
import { TimeUntil } from '../../components/time-ago.tsx';
import { tellDone } from '../../components/toast.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { OVERVIEW, reportSentText } from '../../strings/overview.ts';

type Reports = AgentStatus['reports'];

function useSendReport() {
  const { run, isPending } = useCall('reports.send');
  const send = (name: string) =>
    void run({ name }).then((reply) => {
      if (reply !== null) tellDone(reportSentText(name, reply.ids.length));
    });
  return { send, isPending };
}

/** The page's main action: sends the one report there is, or asks which. */
export function SendReport({ reports }: { readonly reports: Reports }) {
  const { send, isPending } = useSendReport();
  const [only, ...others] = reports;
  if (only === undefined) return null;
  if (others.length > 0) {
    return (
      <Menu
        label={OVERVIEW.sendWhich}
        buttonText={OVERVIEW.sendReport}
        actions={reports.map(({ name }) => ({ id: name, label: name, onAction: () => send(name) }))}
      />
    );
  }
  return (
    <Button look="primary" isPending={isPending} onPress={() => send(only.name)}>
      {OVERVIEW.sendReport}
    </Button>
  );
}

/** When each report goes out next. */
export function NextReports({ reports }: { readonly reports: Reports }) {
  return (
    <Card title={OVERVIEW.reportsCard}>
      <ul className="report-list">
        {reports.map(({ name, nextAt }) => (
          <li key={name} className="report">
            <a className="cut" href={hrefOf('reports', name)} title={name}>
              {name}
            </a>
            <span className="muted">
              {nextAt === null ? (
                'on demand only'
              ) : (
                <>
                  next <TimeUntil at={nextAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
