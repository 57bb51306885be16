import { hostname } from 'node:os';
import { isStoreDamage } from '../../mail/store-failure.ts';
import type { Result } from '../../shared/errors.ts';
import type { Clock, Random } from '../../shared/model/clock.ts';
import type { AgentStatus } from '../../shared/model/status.ts';
import type { SettingsFault } from '../../shared/contract/settings-rules.ts';
import { createLiveEvents } from './console/live-events.ts';
import { createAgentLink } from './dispatch/relay/agent-link.ts';
import { openFrontDoor } from './front-door.ts';
import { createFileAlertIntake } from './file-alerts/intake.ts';
import type { AgentLog } from './log.ts';
import { openMailSystem } from './mail-system.ts';
import { createOAuth } from './oauth/oauth.ts';
import { openMeasuring } from './measuring.ts';
import { forgetControl, writeControl } from './platform/control-file.ts';
import { type DataDir, lockDataDir } from './platform/data-dir.ts';
import { damageTroubles } from './record/damage.ts';
import { createFileAlertStore } from './record/file-alert-store.ts';
import { createHeldStore } from './record/held-store.ts';
import { createHistory } from './record/history.ts';
import { openDatabase } from './record/open-database.ts';
import { keepReserve } from './record/reserve.ts';
import { createStateStore } from './record/state-store.ts';
import { createTroubles } from './record/troubles.ts';
import { createMonitor } from './schedule/monitor.ts';
import { startReporting } from './reporting.ts';
import { startWatch } from './schedule/watch.ts';
import { takeInDelivered } from './settings/delivered.ts';
import { createKeyFileSecretStore, type SecretStore, secretsFault } from './settings/secret-store.ts';
import { keepLastGood, openSettingsStore } from './settings/settings-store.ts';
import { agentStatus, vitalsOf } from './status.ts';
import { VERSION } from './version.ts';

export interface AgentOptions {
  readonly dataDir: DataDir;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: AgentLog;
  /** Where passwords are kept; by a key file of the data folder where it is left out. */
  readonly secrets?: SecretStore;
  /** Folders in which an installation may have left settings for this start; none where it is left out. */
  readonly deliveryPlaces?: readonly string[];
  /** 0 for any free port. */
  readonly consolePort: number;
  /** Whether the web console is served beside the control API. */
  readonly withConsole: boolean;
  /** Where the built page and the list of licences lie; null where there are none. */
  readonly distDir: string | null;
  /** Told when so much mail waits that more connections are used. */
  readonly onBacklog: () => void;
  /** Told, at work, of damage in the database; may be told often. It is for the caller to stop the agent and start it anew. */
  readonly onDamage: () => void;
  /** Damage was met in the database: it is set aside before anything else. */
  readonly isDamaged: boolean;
}

/** A running agent. */
export interface Agent {
  readonly port: number;
  /** An address that opens the web console once; null where it is not served. */
  consoleLink(): string | null;
  status(): AgentStatus;
  /** The computer is about to sleep, and may not wake up again: what is held in memory is written. */
  suspending(): void;
  /** The computer woke up. The agent finds that out by itself as well, some seconds later. */
  resumed(): void;
  /** Ends everything in reverse order. What is in flight gets a moment to end; nothing is lost by what does not. */
  stop(): Promise<void>;
}

export type AgentStart = Result<Agent> | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** Stops are not waited for longer than this. */
const STOP_MS = 5000;

/**
 * The composition root: opens the data folder, puts the stages together and sets them going. Fails where another agent
 * owns the folder, or the stored settings are not valid and no copy stands in for them; a port that is taken throws, and
 * so does damage that shows only in stored values. A database that is damaged as a whole is set aside.
 */
export async function startAgent(options: AgentOptions): Promise<AgentStart> {
  const undo: (() => unknown)[] = [];
  try {
    return await start(options, undo);
  } catch (error) {
    await stopAll(undo, options.clock);
    throw error;
  }
}

/** Adds to `undo` whatever has to be stopped again. */
async function start(options: AgentOptions, undo: (() => unknown)[]): Promise<AgentStart> {
  const { dataDir, clock, random, log } = options;
  const lock = lockDataDir(dataDir);
  if (!lock.ok) return lock;
  undo.push(() => lock.value.release());
  const giveUp = async <Failure>(failure: Failure): Promise<Failure> => {
    await stopAll(undo, clock);
    return failure;
  };

  const opened = openDatabase(dataDir.databasePath, clock.now(), options.isDamaged);
  if (!opened.ok) return giveUp(opened);
  const store = opened.value;
  undo.push(() => store.close());

  const secrets = options.secrets ?? createKeyFileSecretStore(dataDir);
  const startedAt = clock.now();
  const places = options.deliveryPlaces ?? [];
  const delivered = takeInDelivered({ dataDir, secrets, places, now: startedAt });
  for (const text of delivered.done) log.info(text);
  const loaded = openSettingsStore(dataDir, secrets);
  if (!loaded.ok) return giveUp(loaded);
  const settings = loaded.store;
  if (settings.standsInFor() === null && keepLastGood(dataDir, settings.current()))
    log.warn(
      `${dataDir.settingsPath} was changed by other means than an import; it is in force as it stands`,
    );

  const states = createStateStore(store);
  const history = createHistory(store, clock);
  undo.push(() => history.flush());
  const hostName = hostname();
  const onFault = (error: unknown) => {
    log.fault(error);
    if (isStoreDamage(error)) options.onDamage();
  };

  const live = createLiveEvents({
    clock,
    status: () => status(),
    newestMessageId: () => deliveries.newestId(),
    settingsRevision: settings.revision,
    onFault,
  });
  undo.push(() => live.stop());
  const reserve = keepReserve(store, clock, onFault);
  undo.push(() => reserve.stop());

  const oauth = createOAuth({
    settings: settings.current,
    isSaved: () => settings.standsInFor() === null,
    secrets,
    clock,
    random,
    onTrouble: log.warn,
    onEnded(signIn) {
      log.info(`${signIn.server}: ${signIn.sentence ?? signIn.state}`);
      live.signIn(signIn);
      if (signIn.state !== 'signed-in') return;
      // What was paused for want of it goes at once.
      routes.smtp().reset();
      mail.tryNow('smtp');
    },
  });
  undo.push(() => oauth.close());
  const mail = await openMailSystem({
    dataDir,
    settings,
    tokens: oauth.tokens,
    store,
    clock,
    random,
    hostName,
    log,
    relay: () => relay,
    onBacklog: options.onBacklog,
    onChanged: () => live.changed('mail'),
    onFault,
  });
  undo.push(() => mail.stop());
  const { deliveries, routes, diskTrouble, paths, telling } = mail;

  const { oldestWaitingAt } = deliveries;
  const { collector, chartReadings } = openMeasuring({ clock, history, oldestWaitingAt, onFault });
  undo.push(() => collector.close());

  const damage = damageTroubles({
    dataDir,
    now: startedAt,
    settingsFaults: settings.standsInFor,
    secretsFault: () => secretsFault(dataDir, secrets),
  });
  const found = [...damage, ...delivered.troubles];
  for (const { text } of found) log.warn(text);
  const troubles = createTroubles(found, telling);
  const monitor = createMonitor({
    ...telling,
    collector,
    states,
    held: createHeldStore(store),
    random,
    keepInMemory: diskTrouble.keep,
    onMeasured: (samples) => {
      chartReadings.afterCheck(samples);
      live.changed('status');
    },
  });
  undo.push(() => monitor.stop());
  const status = (): AgentStatus =>
    agentStatus({
      version: VERSION,
      dataDir: dataDir.path,
      hostName,
      now: clock.now(),
      settings: settings.current(),
      log: deliveries,
      alerts: monitor.alerts(),
      servers: oauth.shown(routes.smtp().health()),
      practising: routes.practising(),
      running: { pid: process.pid, startedAt, lastCheckAt: monitor.lastCheckAt() },
      pausedUntil: monitor.pausedUntil(),
      nextReportAt: (report) => schedule.nextAt(report),
      secretsProtection: secrets.protection,
      troubles: [...diskTrouble.shown(), ...paths.shown(), ...troubles.shown()],
      relay: relay.status(),
      relayRoutes: relay.routeStatus(),
      mailbox: mail.watch.mailbox.status(),
      held: monitor.held(),
    });
  const relay = await createAgentLink({
    ...telling,
    relayPath: dataDir.relayPath,
    secrets,
    settings,
    random,
    log,
    vitals: () => vitalsOf(status()),
    onAvailable: () => mail.tryNow('relay'),
    onFailedLater: mail.watch.failedLater,
  });
  undo.push(() => relay.close());
  const { reporter, schedule } = startReporting({
    ...telling,
    monitor,
    states,
    history,
    deliveries,
    routes: () => status().routes,
  });
  undo.push(() => schedule.stop());

  const intake = createFileAlertIntake({
    ...telling,
    fileAlerts: () => (monitor.pausedUntil() === null ? settings.current().fileAlerts : []),
    taken: createFileAlertStore(store),
    log: deliveries,
    onTrouble: log.warn,
  });
  const watch = startWatch({
    settings: settings.current,
    monitor,
    takeIn: async () => {
      diskTrouble.look();
      await troubles.tell();
      await intake.scan();
      await paths.look();
    },
    clock,
    isMailWaiting: () => oldestWaitingAt() !== null,
    onWake: (why) => onWake(why),
    onFault,
  });
  const onWake = (why: 'resume' | 'network-up') => {
    log.info(why === 'resume' ? 'the computer woke up' : 'the computer came to a network');
    routes.smtp().reset();
    void relay.refresh();
    mail.tryNow(null);
    schedule.refresh();
  };
  undo.push(() => watch.stop());
  mail.start();
  oauth.keepUp();

  const door = await openFrontDoor({
    ...telling,
    port: options.consolePort,
    withConsole: options.withConsole,
    live,
    history,
    dataDir,
    distDir: options.distDir,
    settings,
    oauth,
    monitor,
    reporter,
    practice: mail.practice,
    relay,
    dispatcher: mail.dispatcher,
    deliveries,
    hostName,
    status,
    events: mail.watch.events,
    acknowledgeTrouble: troubles.acknowledge,
    onRefused: log.warn,
    onSettingsChanged: async () => {
      try {
        oauth.settingsChanged();
        await Promise.all([routes.rebuild(), relay.refresh()]);
      } finally {
        // The settings are in force, even where a way out could not be opened.
        await monitor.settingsChanged();
        schedule.refresh();
        watch.restart();
        mail.watch.mailbox.settingsChanged();
        mail.dispatcher.tryNow(null);
        live.settingsChanged();
      }
    },
  });
  undo.push(() => door.close());
  writeControl(dataDir, { port: door.port, token: door.token, pid: process.pid });
  undo.push(() => forgetControl(dataDir));
  // Whatever the status reads is read once now: values that are damaged are met at the start, not by whoever asks first.
  status();

  const stop = () => stopAll(undo, clock);
  const value: Agent = {
    port: door.port,
    consoleLink: door.link,
    status,
    suspending: () => history.flush(),
    resumed() {
      onWake('resume');
      // Checks at once.
      watch.restart();
    },
    stop,
  };
  return { ok: true, value };
}

/** Runs the stops in reverse order of the starts, and goes on when one of them fails or takes too long. */
async function stopAll(undo: (() => unknown)[], clock: Clock): Promise<void> {
  const overdue = new Promise<void>((resolve) => {
    clock.after(STOP_MS, resolve);
  });
  for (let stop = undo.pop(); stop !== undefined; stop = undo.pop()) {
    try {
      await Promise.race([stop(), overdue]);
    } catch {
      // The rest must still be stopped; what failed to stop ends with the process.
    }
  }
}
