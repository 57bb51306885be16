import { hostname } from 'node:os';
import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher, type DispatcherOptions } from '../../mail/dispatcher.ts';
import { createMemoryOutbox } from '../../mail/memory-outbox.ts';
import { createOutbox } from '../../mail/outbox.ts';
import { createPracticeMailbox } from '../../mail/practice-mailbox.ts';
import { isStoreDamage } from '../../mail/store-failure.ts';
import type { Result } from '../../shared/errors.ts';
import { type Clock, type Random, sleep } from '../../shared/model/clock.ts';
import type { AgentStatus } from '../../shared/model/status.ts';
import type { SettingsFault } from '../../shared/contract/settings-rules.ts';
import { createCollector } from './collect/collector.ts';
import { createOutboxAgeSource } from './collect/outbox-age.ts';
import { createPlatform } from './collect/platform.ts';
import type { ComposeContext, Composer } from './compose/compose.ts';
import { composeContextOf } from './compose/context.ts';
import { routeText } from './compose/report-data.ts';
import { createConsoleAccess } from './console/console-access.ts';
import { startConsoleServer } from './console/console-server.ts';
import { statusPage } from './console/status-page.ts';
import { createRoutes } from './dispatch/routes.ts';
import { senderOf } from './dispatch/sender.ts';
import { createHandlers } from './handlers.ts';
import { createFileAlertIntake } from './file-alerts/intake.ts';
import type { AgentLog } from './log.ts';
import { startMailWatch } from './mail-watch.ts';
import { forgetControl, writeControl } from './platform/control-file.ts';
import { type DataDir, lockDataDir } from './platform/data-dir.ts';
import { damageTroubles } from './record/damage.ts';
import { createDiskTrouble } from './record/disk-trouble.ts';
import { createFileAlertStore } from './record/file-alert-store.ts';
import { createHistory } from './record/history.ts';
import { openDatabase } from './record/open-database.ts';
import { keepReserve } from './record/reserve.ts';
import { createStateStore } from './record/state-store.ts';
import { createTroubles } from './record/troubles.ts';
import { chartData } from './schedule/chart-data.ts';
import { createChartReadings } from './schedule/chart-readings.ts';
import { createReporter } from './schedule/reporter.ts';
import { createMonitor } from './schedule/monitor.ts';
import { startReportSchedule } from './schedule/report-schedule.ts';
import { startWatch } from './schedule/watch.ts';
import { createKeyFileSecretStore, secretsFault } from './settings/secret-store.ts';
import { keepLastGood, openSettingsStore } from './settings/settings-store.ts';
import { agentStatus } from './status.ts';
import { VERSION } from './version.ts';

export interface AgentOptions {
  readonly dataDir: DataDir;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: AgentLog;
  /** 0 for any free port. */
  readonly consolePort: number;
  /** Whether the web console is served beside the control API. */
  readonly withConsole: boolean;
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
  /** Ends everything in reverse order. What is in flight gets a moment to end; nothing is lost by what does not. */
  stop(): Promise<void>;
}

export type AgentStart = Result<Agent> | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** Stops are not waited for longer than this. */
const STOP_MS = 5000;
/** For so long, a stop lets mails in flight come to their end before their connections are closed. */
const GRACE_MS = 2000;

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

  const secrets = createKeyFileSecretStore(dataDir);
  const loaded = openSettingsStore(dataDir, secrets);
  if (!loaded.ok) return giveUp(loaded);
  const settings = loaded.store;
  if (settings.standsInFor() === null && keepLastGood(dataDir, settings.current()))
    log.warn(
      `${dataDir.settingsPath} was changed by other means than an import; it is in force as it stands`,
    );

  const outbox = createOutbox(store, random);
  outbox.takeOver(clock.now());
  const deliveries = createDeliveryLog(store);
  const states = createStateStore(store);
  const history = createHistory(store, clock);
  undo.push(() => history.flush());
  const hostName = hostname();
  const startedAt = clock.now();
  const onFault = (error: unknown) => {
    log.fault(error);
    if (isStoreDamage(error)) options.onDamage();
  };

  const reserve = keepReserve(store, clock, onFault);
  undo.push(() => reserve.stop());

  const practice = createPracticeMailbox({ folder: dataDir.practiceDir, keep: 200, clock });
  const routes = await createRoutes({
    settings,
    clock,
    hostName,
    practice,
    onAvailable: (choice) => {
      log.info('a mail server answers again; what waits for it is sent now');
      dispatcher.tryNow(choice);
      memory.tryNow();
    },
  });
  const sending: Omit<DispatcherOptions, 'outbox'> = {
    clock,
    route: routes.route,
    onBacklog: options.onBacklog,
    onRecorded: (lease, attempts, failures) => log.attempts(lease.message, attempts, failures),
    onExpired: (failures) => log.expired(failures),
    onFault,
  };
  const composeContext = (): ComposeContext => {
    const server = routes.smtp().health()[0]?.server ?? null;
    const usual = routeText({ route: routes.practising() ? 'practice' : 'smtp', server });
    return composeContextOf({ settings: settings.current(), hostName, clock, random, routeText: usual });
  };
  const mailWatch = startMailWatch({
    dataDir: dataDir.path,
    store,
    outbox,
    clock,
    log,
    settings: settings.current,
    composer: loadComposer,
    composeContext,
    sender: () => senderOf(settings.current(), hostName).address,
    password: settings.mailboxPassword,
    deliveries,
    isOpen: (choice) => routes.route(choice).outlet?.available(null) ?? false,
    onQueued: () => dispatcher.wake(),
    onFault,
  });
  const dispatcher = createDispatcher({ ...sending, outbox: mailWatch.events.outbox });
  const memory = createMemoryOutbox({ ...sending, disk: store, random, onQueued: dispatcher.wake });
  const diskTrouble = createDiskTrouble(memory, store, clock, log);
  undo.push(async () => {
    memory.moveToDisk();
    const ended = Promise.all([dispatcher.stop(), memory.stop()]);
    await Promise.race([ended, sleep(clock, GRACE_MS)]);
    await routes.close();
    await ended;
  });
  undo.push(() => mailWatch.stop());

  const platform = createPlatform({ clock, system: process.platform });
  const outboxAge = createOutboxAgeSource(deliveries.oldestWaitingAt);
  const collector = createCollector({
    platform: { ...platform, sources: [...platform.sources, outboxAge] },
    clock,
  });
  undo.push(() => collector.close());
  const chartReadings = createChartReadings({
    collector,
    inventory: () => platform.inventory(),
    history,
    clock,
    // Elsewhere than on Linux each measuring starts processes.
    intervalMs: process.platform === 'linux' ? 10_000 : 60_000,
    onFault,
  });

  const damage = damageTroubles({
    dataDir,
    now: startedAt,
    settingsFaults: settings.standsInFor,
    secretsFault: () => secretsFault(dataDir),
  });
  for (const { text } of damage) log.warn(text);
  const troubles = createTroubles(damage, {
    store,
    outbox,
    clock,
    settings: settings.current,
    composer: loadComposer,
    composeContext,
    onQueued: dispatcher.wake,
  });
  const monitor = createMonitor({
    settings: settings.current,
    collector,
    store,
    states,
    outbox,
    clock,
    random,
    composer: loadComposer,
    composeContext,
    onQueued: dispatcher.wake,
    keepInMemory: diskTrouble.keep,
    onFault,
    onMeasured: chartReadings.afterCheck,
  });
  const status = (): AgentStatus =>
    agentStatus({
      version: VERSION,
      dataDir: dataDir.path,
      hostName,
      now: clock.now(),
      settings: settings.current(),
      log: deliveries,
      alerts: monitor.alerts(),
      servers: routes.smtp().health(),
      practising: routes.practising(),
      running: { pid: process.pid, startedAt, lastCheckAt: monitor.lastCheckAt() },
      pausedUntil: monitor.pausedUntil(),
      nextReportAt: (report) => schedule.nextAt(report),
      secretsProtection: secrets.protection,
      mailbox: mailWatch.mailbox.status(),
      troubles: [...diskTrouble.shown(), ...troubles.shown()],
    });
  const reporter = createReporter({
    clock,
    platform: () => createPlatform({ clock, system: process.platform }),
    alerts: monitor.alerts,
    log: deliveries,
    charts: (inventory, readings, takenAt) => chartData({ history, inventory, readings, takenAt }),
    onFault,
    routes: () => status().routes,
    composer: loadComposer,
    composeContext,
    store,
    outbox,
    onQueued: dispatcher.wake,
  });
  const schedule = startReportSchedule({
    reports: () => (monitor.pausedUntil() === null ? settings.current().reports : []),
    states,
    clock,
    send: async (report, dueAt, writeDown) => {
      await reporter.send(report, dueAt, writeDown);
    },
    onFault,
  });
  undo.push(() => schedule.stop());

  const intake = createFileAlertIntake({
    fileAlerts: () => (monitor.pausedUntil() === null ? settings.current().fileAlerts : []),
    store,
    taken: createFileAlertStore(store),
    outbox,
    log: deliveries,
    composer: loadComposer,
    composeContext,
    clock,
    onQueued: dispatcher.wake,
    onTrouble: log.warn,
  });
  const watch = startWatch({
    settings: settings.current,
    monitor,
    takeIn: async () => {
      diskTrouble.look();
      await troubles.tell();
      await intake.scan();
    },
    clock,
    isMailWaiting: () => deliveries.oldestWaitingAt() !== null,
    onWake: (why) => {
      log.info(why === 'resume' ? 'the computer woke up' : 'the computer came to a network');
      routes.smtp().reset();
      dispatcher.tryNow(null);
      memory.tryNow();
      schedule.refresh();
    },
    onFault,
  });
  undo.push(() => watch.stop());
  dispatcher.wake();

  const access = createConsoleAccess(clock);
  const link = () =>
    options.withConsole ? `http://127.0.0.1:${server.port}/?link=${access.newLink()}` : null;
  const handlers = createHandlers({
    settings,
    monitor,
    reporter,
    practice,
    outbox,
    dispatcher,
    deliveries,
    clock,
    hostName,
    composer: loadComposer,
    composeContext,
    status,
    consoleLink: link,
    events: mailWatch.events.list,
    acknowledgeTrouble: troubles.acknowledge,
    onSettingsChanged: async () => {
      try {
        await routes.rebuild();
      } finally {
        // The settings are in force, even where a way out could not be opened.
        await monitor.settingsChanged();
        schedule.refresh();
        watch.restart();
        mailWatch.mailbox.settingsChanged();
        dispatcher.tryNow(null);
      }
    },
  });
  const page = options.withConsole ? () => statusPage(status(), clock.now()) : null;
  const server = await startConsoleServer({ port: options.consolePort, access, handlers, page, onFault });
  undo.push(() => server.close());
  writeControl(dataDir, { port: server.port, token: access.token, pid: process.pid });
  undo.push(() => forgetControl(dataDir));
  // Whatever the status reads is read once now: values that are damaged are met at the start, not by whoever asks first.
  status();

  const stop = () => stopAll(undo, clock);
  return { ok: true, value: { port: server.port, consoleLink: link, status, stop } };
}

/** React and the mail components are loaded when the first mail is written. */
async function loadComposer(): Promise<Composer> {
  const { createComposer } = await import('./compose/composer.ts');
  return createComposer();
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
