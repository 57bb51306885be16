import { formatDuration, formatNumber } from '../../../shared/format.ts';
import type { AgentStatus, RouteStatus } from '../../../shared/model/status.ts';
import { hrefOf } from '../../app/router.ts';
import { Card } from '../../components/card.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo, TimeUntil } from '../../components/time-ago.tsx';
import { routeState } from '../../model/overall-state.ts';
import { OVERVIEW } from '../../strings/overview.ts';

/** The ways mail takes, how each fares, and what waits. */
export function MailPath({ status }: { readonly status: AgentStatus }) {
  return (
    <Card title={OVERVIEW.pathCard}>
      <ul className="route-list">
        {status.routes.map((route) => (
          <Route key={routeName(route)} route={route} />
        ))}
      </ul>
      <Outbox outbox={status.outbox} />
    </Card>
  );
}

function Route({ route }: { readonly route: RouteStatus }) {
  const { state, word } = routeState(route);
  const name = routeName(route);
  return (
    <li className="route">
      <span className="route-name">
        <StateMark state={state} />
        <span className="cut" title={name}>
          {name}
        </span>
      </span>
      <span>{word}</span>
      <span className="muted">
        {route.lastAcceptedAt !== null && (
          <>
            accepted <TimeAgo at={route.lastAcceptedAt} />
            {route.lastDurationMs !== null &&
              `, ${formatDuration(Math.max(1, Math.round(route.lastDurationMs)))}`}
          </>
        )}
      </span>
      {route.detail !== null && (
        <span className="route-detail">
          {route.detail}{' '}
          {route.nextProbeAt !== null && (
            <span className="muted">
              Next try <TimeUntil at={route.nextProbeAt} />.
            </span>
          )}
        </span>
      )}
    </li>
  );
}

/** "SMTP mail.contoso.example:587", "Tocsin Web Service". */
function routeName(route: RouteStatus): string {
  switch (route.route) {
    case 'smtp':
      return route.server === null ? 'SMTP' : `SMTP ${route.server.host}:${route.server.port}`;
    case 'practice':
      return 'Practice mailbox, inside Tocsin';
    case 'relay':
      return 'Tocsin Web Service';
  }
}

function Outbox({ outbox }: { readonly outbox: AgentStatus['outbox'] }) {
  const { waiting, oldestWaitingAt, accepted24h, failed24h } = outbox;
  return (
    <p className="muted outbox">
      <span>
        {waiting === 0 ? 'Nothing waits' : `${formatNumber(waiting)} waiting`}
        {oldestWaitingAt !== null && (
          <>
            , the oldest from <TimeAgo at={oldestWaitingAt} />
          </>
        )}
        . In the last 24 hours: {formatNumber(accepted24h)} accepted, {formatNumber(failed24h)} failed.
      </span>{' '}
      <a href={hrefOf('log')}>Delivery log</a>
    </p>
  );
}
