import { createDeliveryLog } from '../../mail/delivery-log.ts';
import type { Outbox } from '../../mail/outbox.ts';
import type { Store } from '../../mail/store.ts';
import { createHourlyQuota } from './hourly-quota.ts';
import { acceptSubmission } from './accept-submission.ts';
import { installationOf, SELECT_INSTALLATION } from './installation-rows.ts';
import { messageState } from './message-state.ts';
import { pruneSubmissions } from './prune-submissions.ts';
import type { Installation, RelayStore } from './relay-store.ts';

export interface SqliteRelayStoreOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  /** What the store's secret is made of when it has none yet. */
  readonly randomSecret: () => Buffer;
}

/**
 * The Web Service's memory in one SQLite file, shared with the outbox, so that a message and its acceptance are one
 * commit. Commands in other processes may use the file at the same time; only one may deliver from it.
 */
export function createSqliteRelayStore({ store, outbox, randomSecret }: SqliteRelayStoreOptions): RelayStore {
  const quota = createHourlyQuota(store);
  const log = createDeliveryLog(store);
  const installation = (where: string, value: string): Installation | null => {
    const row = store.get(`${SELECT_INSTALLATION} WHERE ${where} = ?`, value);
    return row === undefined ? null : installationOf(row);
  };
  const insertCode = (installationId: string, code: { readonly hash: string; readonly validUntil: number }) =>
    store.run(
      'INSERT INTO enrolment_code (hash, installation_id, valid_until) VALUES (?, ?, ?)',
      code.hash,
      installationId,
      code.validUntil,
    );
  const dropCodes = (installationId: string) =>
    store.run('DELETE FROM enrolment_code WHERE installation_id = ?', installationId);

  return {
    async addInstallation({ id, name, replyTo, expiresAt }, code, now) {
      return store.transaction(() => {
        const added = store.run(
          'INSERT OR IGNORE INTO installation (id, name, reply_to, expires_at, created_at) VALUES (?, ?, ?, ?, ?)',
          id,
          name,
          replyTo,
          expiresAt,
          now,
        );
        if (added > 0) insertCode(id, code);
        return added > 0;
      });
    },
    async renewCode(installationId, code) {
      store.transaction(() => {
        dropCodes(installationId);
        insertCode(installationId, code);
      });
    },
    async findInstallation(idOrName) {
      return installation('installation.id', idOrName) ?? installation('installation.name', idOrName);
    },
    async listInstallations() {
      return store.all(`${SELECT_INSTALLATION} ORDER BY name`).map(installationOf);
    },
    async setExpiry(installationId, expiresAt) {
      store.transaction(() =>
        store.run('UPDATE installation SET expires_at = ? WHERE id = ?', expiresAt, installationId),
      );
    },
    async revoke(installationId, now) {
      store.transaction(() => {
        store.run(
          'UPDATE installation SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?',
          now,
          installationId,
        );
        dropCodes(installationId);
      });
    },
    async enrol(codeHash, { keyId, publicKey, reportedName }, now) {
      return store.transaction(() => {
        const row = store.get(
          'SELECT installation_id FROM enrolment_code WHERE hash = ? AND valid_until > ?',
          codeHash,
          now,
        );
        if (row === undefined) return null;
        const installationId = String(row['installation_id']);
        dropCodes(installationId);
        store.run(
          `UPDATE installation SET key_id = ?, public_key = ?, reported_name = ?, enrolled_at = ?, revoked_at = NULL
             WHERE id = ?`,
          keyId,
          publicKey,
          reportedName,
          now,
          installationId,
        );
        return installation('installation.id', installationId);
      });
    },
    async keyOf(keyId) {
      // Asked with each request, so without the heartbeat, which nobody needs then.
      const row = store.get('SELECT * FROM installation WHERE key_id = ? AND revoked_at IS NULL', keyId);
      if (row === undefined) return null;
      return { installation: installationOf(row), publicKey: String(row['public_key']) };
    },

    async accept(submissions, quotas, now) {
      return store.transaction(() =>
        submissions.map((submission) => acceptSubmission({ store, outbox, quota }, submission, quotas, now)),
      );
    },
    async messageState(installationId, id) {
      return messageState(store, log, installationId, id);
    },

    async heartbeat(installationId, heartbeat, silentAfterSeconds, now, backNotice) {
      store.transaction(() => {
        const before = installation('installation.id', installationId);
        const silentAfterMs = silentAfterSeconds * 1000;
        store.run(
          `INSERT OR REPLACE INTO heartbeat (installation_id, at, status, alerts_firing, outbox_size, version,
             silent_after_ms, silent_at, silent_since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
          installationId,
          now,
          heartbeat.status,
          heartbeat.alertsFiring,
          heartbeat.outboxSize,
          heartbeat.version,
          silentAfterMs,
          now + silentAfterMs,
        );
        if (before === null || (before.heartbeat?.silentSince ?? null) === null) return;
        const notice = backNotice(before);
        if (notice !== null) outbox.accept([notice], now);
      });
    },
    async reportSilence(now, notice) {
      const due = () =>
        store.all(
          `${SELECT_INSTALLATION} WHERE silent_since IS NULL AND silent_at <= ? AND revoked_at IS NULL`,
          now,
        );
      // Asked once outside, so that the usual answer, nobody, needs no write lock.
      if (due().length === 0) return 0;
      return store.transaction(() => {
        const silent = due().map(installationOf);
        for (const each of silent) {
          store.run('UPDATE heartbeat SET silent_since = at WHERE installation_id = ?', each.id);
          const message = notice(each);
          if (message !== null) outbox.accept([message], now);
        }
        return silent.length;
      });
    },
    async forgiveSilence(now) {
      store.transaction(() =>
        store.run(
          'UPDATE heartbeat SET silent_at = max(silent_at, ? + silent_after_ms) WHERE silent_since IS NULL',
          now,
        ),
      );
    },

    async suppress(installationId, address, now) {
      store.transaction(() =>
        store.run(
          'INSERT OR IGNORE INTO suppression (installation_id, address, at) VALUES (?, ?, ?)',
          installationId,
          address,
          now,
        ),
      );
    },
    async unsuppress(installationId, address) {
      const removed = store.transaction(() =>
        store.run(
          'DELETE FROM suppression WHERE installation_id = ? AND address = ?',
          installationId,
          address,
        ),
      );
      return removed > 0;
    },
    async suppressed(installationId) {
      return store
        .all('SELECT address FROM suppression WHERE installation_id = ? ORDER BY address', installationId)
        .map((row) => String(row['address']));
    },
    async secret() {
      return store.transaction(() => {
        store.run('INSERT OR IGNORE INTO relay_secret (one, secret) VALUES (1, ?)', randomSecret());
        return Buffer.from(store.get('SELECT secret FROM relay_secret')?.['secret'] as Uint8Array);
      });
    },

    async prune(acceptedBefore, now) {
      store.transaction(() => quota.prune(now));
      return pruneSubmissions(store, acceptedBefore);
    },
    async counts() {
      const count = (sql: string) => Number(store.get(sql)?.['n']);
      return {
        installations: count('SELECT count(*) AS n FROM installation WHERE revoked_at IS NULL'),
        silent: count('SELECT count(*) AS n FROM heartbeat WHERE silent_since IS NOT NULL'),
        waiting: outbox.waiting('smtp'),
      };
    },
    async probe() {
      store.transaction(() => store.get('SELECT 1 FROM installation LIMIT 1'));
    },
    async close() {
      store.close();
    },
  };
}
