import type { AgentStatus, RouteStatus } from '../../shared/model/status.ts';

/** How mail fares on its way out of this computer. */
export interface MailPath {
  readonly isDead: boolean;
  /** By itself: "mail.contoso.example:587 does not answer" or "Mail path all right". */
  readonly sentence: string;
}

/**
 * Dead is a path by which nothing leaves: every own server is down or paused and the Web Service does not stand in, or
 * the Web Service is in use and does not answer. Mail is kept meanwhile.
 */
export function mailPath(status: AgentStatus): MailPath {
  const relay = status.routes.filter((route) => route.route === 'relay');
  const own = status.routes.filter((route) => route.route !== 'relay');
  if (own.length > 0 && own.every(isOut) && !relay.some(works)) {
    return { isDead: true, sentence: reasonOf(own[0]) };
  }
  if (relay.some(isOut)) return { isDead: true, sentence: 'the Web Service does not answer' };
  const stranded = relay.some((route) => route.state === 'not-set-up') && status.outbox.waiting > 0;
  if (stranded) return { isDead: true, sentence: 'it waits for a Web Service that is not set up' };
  if (own.some(isOut)) return { isDead: false, sentence: 'A mail server is down, another is used' };
  if (own.some((route) => route.route === 'practice'))
    return { isDead: false, sentence: 'Practice mailbox: nothing leaves this computer' };
  return { isDead: false, sentence: 'Mail path all right' };
}

function isOut(route: RouteStatus): boolean {
  return route.state === 'down' || route.state === 'paused';
}

function works(route: RouteStatus): boolean {
  return route.state === 'ok' || route.state === 'unused';
}

function reasonOf(route: RouteStatus | undefined): string {
  const name = route?.server ? `${route.server.host}:${route.server.port}` : 'the mail server';
  return route?.state === 'paused' ? `${name} refuses the login` : `${name} does not answer`;
}
