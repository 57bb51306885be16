import type { Installation } from '../store/relay-store.ts';

export type InstallationState =
  | 'revoked'
  | 'waiting for enrolment'
  | 'subscription ended'
  | 'silent'
  | 'active';

function stateOf(
  { revokedAt, enrolment, expiresAt, heartbeat }: Installation,
  now: number,
): InstallationState {
  if (revokedAt !== null) return 'revoked';
  if (enrolment === null) return 'waiting for enrolment';
  if (expiresAt !== null && expiresAt <= now) return 'subscription ended';
  return heartbeat !== null && heartbeat.silentSince !== null ? 'silent' : 'active';
}

/** An installation for programs. */
export function installationValue(
  installation: Installation,
  now: number,
): Readonly<Record<string, unknown>> {
  const { id, name, replyTo, expiresAt, revokedAt, createdAt, enrolment, heartbeat } = installation;
  return {
    installationId: id,
    name,
    state: stateOf(installation, now),
    replyTo,
    subscription: { expiresAt: iso(expiresAt) },
    createdAt: iso(createdAt),
    revokedAt: iso(revokedAt),
    enrolment:
      enrolment === null
        ? null
        : { keyId: enrolment.keyId, reportedName: enrolment.reportedName, at: iso(enrolment.at) },
    heartbeat:
      heartbeat === null
        ? null
        : { ...heartbeat, at: iso(heartbeat.at), silentSince: iso(heartbeat.silentSince) },
  };
}

/** An installation in one line. */
export function installationLine(installation: Installation, now: number): string {
  const ends = installation.expiresAt === null ? 'no end' : `until ${minute(installation.expiresAt)}`;
  const heard =
    installation.heartbeat === null ? 'never heard of' : `last heard of ${minute(installation.heartbeat.at)}`;
  return `${installation.name}: ${stateOf(installation, now)}, subscription ${ends}, ${heard}`;
}

/** Everything about an installation, a line each. */
export function installationLines(
  installation: Installation,
  unsubscribed: readonly string[],
  now: number,
): string[] {
  const { id, replyTo, createdAt, revokedAt, enrolment, heartbeat } = installation;
  return [
    installationLine(installation, now),
    `id            ${id}`,
    `reply-to      ${replyTo ?? 'none'}`,
    `added         ${minute(createdAt)}`,
    ...(revokedAt === null ? [] : [`revoked       ${minute(revokedAt)}`]),
    enrolment === null
      ? 'enrolled      not yet'
      : `enrolled      ${minute(enrolment.at)} as “${enrolment.reportedName}”, key ${enrolment.keyId}`,
    ...(heartbeat === null
      ? []
      : [
          `heartbeat     ${minute(heartbeat.at)}: ${heartbeat.status}, ${heartbeat.alertsFiring} alerts firing, ${heartbeat.outboxSize} mails waiting, Tocsin ${heartbeat.version}`,
        ]),
    ...unsubscribed.map((address) => `unsubscribed  ${address}`),
  ];
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function minute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
