import type { AgentStatus, TroubleStatus } from '../../../shared/model/status.ts';
import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { exactShortTime, TimeAgo } from '../../components/time-ago.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { maintenanceText, OVERVIEW, pausedText } from '../../strings/overview.ts';

/** What holds for everything below: paused, maintenance, no mail server, and what happened to Tocsin itself. */
export function Notices({ status }: { readonly status: AgentStatus }) {
  const resume = useCall('monitoring.resume');
  const { pausedUntil, maintenance } = status;
  return (
    <>
      {pausedUntil !== null && (
        <Banner
          state="paused"
          actions={
            <Button onPress={() => void resume.run({})} isPending={resume.isPending}>
              {OVERVIEW.resume}
            </Button>
          }
        >
          {pausedText(pausedUntil === 'forever' ? null : exactShortTime(pausedUntil))}
        </Banner>
      )}
      {maintenance !== null && (
        <Banner state="paused">{maintenanceText(maintenance.name, exactShortTime(maintenance.until))}</Banner>
      )}
      {status.routes.some((route) => route.route === 'practice') && (
        <Banner state="warning" actions={<a href={hrefOf('email')}>{OVERVIEW.toMailServer}</a>}>
          {OVERVIEW.practice}
        </Banner>
      )}
      {status.troubles.map((trouble) => (
        <Trouble key={trouble.name} trouble={trouble} />
      ))}
    </>
  );
}

function Trouble({ trouble }: { readonly trouble: TroubleStatus }) {
  const acknowledge = useCall('alerts.acknowledge');
  return (
    <Banner
      state="warning"
      actions={
        <Button
          onPress={() => void acknowledge.run({ name: trouble.name })}
          isPending={acknowledge.isPending}
        >
          {OVERVIEW.acknowledge}
        </Button>
      }
    >
      {trouble.text}{' '}
      <span className="muted">
        <TimeAgo at={trouble.since} />
      </span>
    </Banner>
  );
}
