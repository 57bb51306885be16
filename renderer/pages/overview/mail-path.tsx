import { formatDuration } from '../../../shared/format.ts';
import { formatNumber } from '../../../shared/format-number.ts';
import type { AgentStatus, HeldStatus, RouteStatus } from '../../../shared/model/status.ts';
import { hrefOf } from '../../app/router.ts';
import { Card } from '../../components/card.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo, TimeUntil } from '../../components/time-ago.tsx';
import { routeState } from '../../model/overall-state.ts';
import { heldText, OVERVIEW } from '../../strings/overview.ts';

/** The ways mail takes, how each fares, and what waits. */
export function MailPath({ status }: { readonly status: AgentStatus }) {
  return (
    <Card title={OVERVIEW.pathCard}>
      <ul className="route-list">
        {status.routes.map((route) => (
          <Route key={routeName(route)} route={route} />
        ))}
      </ul>
      {status.held !== null && <Held held={status.held} />}
      <Outbox outbox={status.outbox} isAll={status.held === null} />
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

interface OutboxProps {
  readonly outbox: AgentStatus['outbox'];
  /** Whether nothing waits elsewhere. */
  readonly isAll: boolean;
}

function Outbox({ outbox, isAll }: OutboxProps) {
  const { waiting, oldestWaitingAt, accepted24h, failed24h } = outbox;
  return (
    <p className="muted outbox">
      <span>
        {waiting > 0 ? `${formatNumber(waiting)} waiting` : isAll ? 'Nothing waits' : 'Nothing else waits'}
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

/** What is decided and joined with what may follow: without this line it would look as if nobody were told. */
function Held({ held: { alerts, nextAt } }: { readonly held: HeldStatus }) {
  return (
    <p className="muted">
      {heldText(alerts)}
      {nextAt !== null && (
        <>
          , <TimeUntil at={nextAt} />
        </>
      )}
      .
    </p>
  );
}
