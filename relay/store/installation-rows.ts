import type { Row } from '../../mail/store.ts';
import type { Heartbeat, Installation } from './relay-store.ts';

/** Reads an installation with what it said last; `installationOf` knows the names of these columns. */
export const SELECT_INSTALLATION = `SELECT installation.*, heartbeat.at AS heartbeat_at, status, alerts_firing, outbox_size,
  version, silent_since FROM installation LEFT JOIN heartbeat ON heartbeat.installation_id = installation.id`;

export function installationOf(row: Row): Installation {
  const keyId = row['key_id'];
  return {
    id: String(row['id']),
    name: String(row['name']),
    replyTo: typeof row['reply_to'] === 'string' ? row['reply_to'] : null,
    expiresAt: numberOrNull(row['expires_at']),
    revokedAt: numberOrNull(row['revoked_at']),
    createdAt: Number(row['created_at']),
    enrolment:
      typeof keyId === 'string'
        ? { keyId, reportedName: String(row['reported_name']), at: Number(row['enrolled_at']) }
        : null,
    heartbeat: heartbeatOf(row),
  };
}

function heartbeatOf(row: Row): Heartbeat | null {
  const at = numberOrNull(row['heartbeat_at']);
  if (at === null) return null;
  return {
    at,
    status: String(row['status']),
    alertsFiring: Number(row['alerts_firing']),
    outboxSize: Number(row['outbox_size']),
    version: String(row['version']),
    silentSince: numberOrNull(row['silent_since']),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
