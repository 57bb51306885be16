import { hostname } from 'node:os';
import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { OUTBOX_SCHEMA } from '../../mail/outbox-schema.ts';
import { createPracticeMailbox } from '../../mail/practice-mailbox.ts';
import { openStore } from '../../mail/store.ts';
import type { Handlers, MethodName } from '../../shared/contract/ipc.ts';
import type { SettingsFault } from '../../shared/contract/settings-rules.ts';
import type { AppError, Result } from '../../shared/errors.ts';
import type { Clock, Random } from '../../shared/model/clock.ts';
import { composeContextOf, relayedContext } from './compose/context.ts';
import { enrolInto } from './dispatch/relay/enrol-into.ts';
import { readEnrolment } from './dispatch/relay/enrolment.ts';
import {
  relayObstacle,
  relayReply,
  relayRouteStatus,
  type RelaySources,
  relayStatus,
} from './dispatch/relay/relay-status.ts';
import { initialAlertState } from './evaluate/alert.ts';
import { type DataDir, lockDataDir } from './platform/data-dir.ts';
import { makeOwnerOnlyDir } from './platform/files.ts';
import { type OAuthHandlers, oauthHandlers } from './handlers/oauth.ts';
import { createOAuth } from './oauth/oauth.ts';
import { damageTroubles } from './record/damage.ts';
import { createHeldStore, HELD_SCHEMA } from './record/held-store.ts';
import { createStateStore, STATE_SCHEMA } from './record/state-store.ts';
import { shownTroubles } from './record/troubles.ts';
import { dryCheck } from './schedule/dry-check.ts';
import type { AlertView } from './schedule/monitor.ts';
import { createKeyFileSecretStore, secretsFault } from './settings/secret-store.ts';
import { openSettingsStore, type SettingsStore } from './settings/settings-store.ts';
import { heldStatus } from './schedule/teller.ts';
import { agentStatus } from './status.ts';
import { VERSION } from './version.ts';

/** What can be done on a data folder while no agent runs on it. */
export type OfflineHandlers = Pick<Handlers, OfflineMethod>;
export type OfflineMethod = Extract<
  MethodName,
  | 'status.get'
  | 'settings.export'
  | 'settings.import'
  | 'alerts.check'
  | 'mail.test'
  | 'mail.findings'
  | 'log.list'
  | 'log.get'
  | 'relay.enroll'
  | 'relay.get'
  | keyof OAuthHandlers
>;

/** An agent took the folder between the look for it and the import. */
export class AgentInTheWay extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

export type OfflineOpen =
  | Result<{ readonly handlers: OfflineHandlers; close(): Promise<void> }>
  | {
      readonly ok: false;
      /** What is wrong with the settings in the folder. */
      readonly faults: readonly SettingsFault[];
      /** An import replaces them; nothing else can be done. */
      readonly handlers: Pick<OfflineHandlers, 'settings.import'>;
    };

/**
 * Works on a data folder directly; one that is not there yet is made. Looking takes no lock, so that several can look
 * at once; an import takes it, so that no agent starts with half of the settings.
 */
export function openOffline(dataDir: DataDir, clock: Clock, random: Random): OfflineOpen {
  makeOwnerOnlyDir(dataDir.path);
  const opened = openStore(dataDir.databasePath, { schemas: [OUTBOX_SCHEMA, STATE_SCHEMA, HELD_SCHEMA] });
  if (!opened.ok) return opened;
  const store = opened.value;
  const practice = createPracticeMailbox({ folder: dataDir.practiceDir, clock });
  const close = async () => {
    oauth.close();
    signInLock?.release();
    store.close();
    await practice.stop();
  };
  const secrets = createKeyFileSecretStore(dataDir);
  const loaded = openSettingsStore(dataDir, secrets);
  const importWith =
    (take: SettingsStore['import']): OfflineHandlers['settings.import'] =>
    ({ text, baseDir }) => {
      const lock = lockDataDir(dataDir);
      if (!lock.ok) throw new AgentInTheWay(lock.error);
      try {
        return take(text, baseDir);
      } finally {
        lock.value.release();
      }
    };
  if (!loaded.ok) {
    store.close();
    return { ok: false, faults: loaded.faults, handlers: { 'settings.import': importWith(loaded.replace) } };
  }
  const settings = loaded.store;
  const deliveries = createDeliveryLog(store);
  const states = createStateStore(store);
  const held = createHeldStore(store);
  const hostName = hostname();
  const oauth = createOAuth({
    settings: settings.current,
    isSaved: () => settings.standsInFor() === null,
    secrets,
    clock,
    random,
    onTrouble: () => {},
    onEnded: () => {},
  });
  /** Held from the first sign-in on, so that no agent starts with half of it. */
  let signInLock: { release(): void } | null = null;
  const signInHandlers = oauthHandlers({ oauth });
  const takeLock = () => {
    if (signInLock !== null) return;
    const lock = lockDataDir(dataDir);
    if (!lock.ok) throw new AgentInTheWay(lock.error);
    signInLock = lock.value;
  };
  const alerts = (): AlertView[] =>
    settings.current().alerts.map((alert) => ({
      alert,
      state: states.alert(alert) ?? initialAlertState(alert, clock.now()),
      samples: [],
    }));
  const relay = (): RelaySources => {
    const read = readEnrolment(dataDir.relayPath);
    const now = clock.now();
    const obstacle = relayObstacle(read, dataDir.relayPath, now);
    return { read, settings: settings.current(), now, clockOffsetMs: null, health: null, obstacle };
  };
  const handlers: OfflineHandlers = {
    'status.get': () =>
      agentStatus({
        version: VERSION,
        dataDir: dataDir.path,
        hostName,
        now: clock.now(),
        settings: settings.current(),
        log: deliveries,
        alerts: alerts(),
        servers: [],
        practising: settings.current().smtp.servers.length === 0,
        running: null,
        pausedUntil: states.pausedUntil(),
        nextReportAt: () => null,
        secretsProtection: secrets.protection,
        relay: relayStatus(relay()),
        relayRoutes: relayRouteStatus(relay()),
        mailbox: null,
        held: heldStatus(held.groups().values(), null),
        troubles: shownTroubles(
          damageTroubles({
            dataDir,
            now: clock.now(),
            settingsFaults: settings.standsInFor,
            secretsFault: () => secretsFault(dataDir),
          }),
          store,
          clock.now(),
        ),
      }),
    'settings.export': () => settings.current(),
    'settings.import': importWith(settings.import),
    'alerts.check': () => dryCheck(settings.current().alerts, alerts(), clock),
    async 'mail.test'({ to, via }) {
      const [{ createComposer }, { testMail }] = await Promise.all([
        import('./compose/composer.ts'),
        import('./dispatch/test-mail.ts'),
      ]);
      const context = composeContextOf({
        settings: settings.current(),
        hostName,
        clock,
        random,
        routeText: 'SMTP',
      });
      const composer = createComposer();
      if (via === 'smtp') {
        return testMail({
          settings,
          tokens: oauth.tokens,
          hostName,
          practice,
          message: composer.test(to, context),
          clock,
        });
      }
      const { testRelay } = await import('./dispatch/relay/test-relay.ts');
      const { relayPath } = dataDir;
      return testRelay(composer.test(to, relayedContext(context)), {
        relayPath,
        secrets,
        settings: settings.current(),
        clock,
        random,
      });
    },
    async 'mail.findings'({ from }) {
      const { checkSender } = await import('./dispatch/check-sender.ts');
      return checkSender({ settings: settings.current(), server: null, from, hostName, clock });
    },
    'log.list': (query) => deliveries.list(query),
    'log.get': ({ id }) => deliveries.find(id),
    async 'relay.enroll'(request) {
      const lock = lockDataDir(dataDir);
      if (!lock.ok) throw new AgentInTheWay(lock.error);
      try {
        const { enrol } = await import('./dispatch/relay/enrol.ts');
        const { relayPath } = dataDir;
        const parts = { relayPath, secrets, clock, random };
        return await enrolInto(request, {
          settings,
          hostName,
          dataDir,
          enrol: (given) => enrol(given, parts),
        });
      } finally {
        lock.value.release();
      }
    },
    'relay.get': () => relayReply(relay()),
    ...signInHandlers,
    'oauth.start'(request) {
      takeLock();
      return signInHandlers['oauth.start'](request);
    },
    'oauth.signOut'(request) {
      takeLock();
      return signInHandlers['oauth.signOut'](request);
    },
  };
  return { ok: true, value: { handlers, close } };
}
