import './overview.css';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { hrefOf } from '../../app/router.ts';
import { useStatus } from '../../hooks/use-status.tsx';
import { firingAlerts } from '../../model/overall-state.ts';
import { measuredItems } from '../../model/measured-items.ts';
import { OVERVIEW } from '../../strings/overview.ts';
import { ActiveAlerts } from './active-alerts.tsx';
import { Headline } from './headline.tsx';
import { MailPath } from './mail-path.tsx';
import { Measured } from './measured.tsx';
import { Notices } from './notices.tsx';
import { PauseMenu } from './pause-menu.tsx';
import { NextReports, SendReport } from './reports.tsx';

/** Is everything all right, and would I hear if it were not: the answer first, what it rests on below. */
export function OverviewPage() {
  const status = useStatus();
  if (status === null) return <PageHeader title={OVERVIEW.title} />;
  const firing = firingAlerts(status);
  const measured = measuredItems(status);
  return (
    <>
      <PageHeader
        title={OVERVIEW.title}
        action={
          <>
            {status.pausedUntil === null && <PauseMenu />}
            <SendReport reports={status.reports} />
          </>
        }
      />
      <Headline status={status} />
      <Notices status={status} />
      {firing.length > 0 && <ActiveAlerts alerts={firing} />}
      <MailPath status={status} />
      {measured.length > 0 ? (
        <Measured items={measured} />
      ) : (
        <EmptyState
          title={OVERVIEW.nothingMeasured}
          action={<a href={hrefOf('alerts')}>{OVERVIEW.toAlerts}</a>}
        >
          {OVERVIEW.nothingMeasuredWhy}
        </EmptyState>
      )}
      {status.reports.length > 0 && <NextReports reports={status.reports} />}
    </>
  );
}
