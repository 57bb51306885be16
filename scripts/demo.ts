/**
 * `npm run demo`: the main job on real input with nothing configured. Measures this computer, lets alerts really fire,
 * and shows what a real mail server received. Ends with 0 only if all of it arrived.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service, startService } from './demo/service.ts';
import { type Arrival, type Sink, startSink } from './demo/sink.ts';
import { startAgent, stopAgent, tocsin } from './demo/tocsin.ts';

const DISK = process.platform === 'win32' ? 'C:' : '/';
const FROM = { name: 'Tocsin demo', address: 'tocsin@contoso.example' };
const SERVICE_FROM = 'alerts@provider.example';
const RECIPIENT = 'it@contoso.example';
/** Others, so that their mail does not wait to be joined with the first one. */
const BACKUP_RECIPIENT = 'backup@contoso.example';
const COLD_STORE_RECIPIENT = 'kitchen@fabrikam.example';
/** More than the 30 s for which mails to the same people are joined. */
const PATIENCE_MS = 45_000;

const scratchDir = mkdtempSync(join(tmpdir(), 'tocsin-demo-'));
const dataDir = join(scratchDir, 'data');
const settingsPath = join(scratchDir, 'settings.json');
const watchedPath = join(scratchDir, 'backup.done');
const tillPath = join(scratchDir, 'till.offline');
const doorPath = join(scratchDir, 'door.open');
const missing: string[] = [];

function settings(port: number, serviceUrl: string, diskLimit: number) {
  const recipients = [RECIPIENT];
  return {
    version: 1,
    installation: { name: 'demo', organisation: 'Contoso Dental', intervalSeconds: 1 },
    smtp: { servers: [{ host: '127.0.0.1', port }], from: FROM },
    relay: { url: serviceUrl, useWhenSmtpFails: true },
    alerts: [
      {
        name: 'Disk in use',
        severity: 'warning',
        conditions: [{ metric: 'disk.usedPercent', target: DISK, above: diskLimit }],
        recipients,
      },
      {
        name: 'Backup has not run',
        severity: 'critical',
        match: 'any',
        conditions: [
          { metric: 'file.state', target: watchedPath, is: 'missing' },
          { metric: 'file.ageSeconds', target: watchedPath, above: 86_400 },
        ],
        recipients: [BACKUP_RECIPIENT],
      },
      {
        name: 'Till is offline',
        severity: 'critical',
        conditions: [{ metric: 'file.state', target: tillPath, is: 'present' }],
        recipients,
        emailProperties: { smtpOverride: true },
      },
      {
        name: 'Cold store is open',
        severity: 'critical',
        conditions: [{ metric: 'file.state', target: doorPath, is: 'present' }],
        recipients: [COLD_STORE_RECIPIENT],
      },
    ],
    reports: [{ name: 'Morning report', cron: '0 8 * * 1-5', recipients }],
  };
}

/** Waits until the sink has a mail whose subject matches; notes it as missing where none comes. */
async function arrival(sink: Sink, subject: RegExp, what: string): Promise<Arrival | null> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = sink.arrivals.find((mail) => subject.test(mail.subject));
    if (found) return found;
    await sleep(5);
  }
  missing.push(what);
  console.log(`   NOT ARRIVED within ${PATIENCE_MS / 1000} s: ${what}\n`);
  return null;
}

function show(mail: Arrival | null, delay: string): void {
  if (!mail) return;
  console.log(`   Subject     ${mail.subject}`);
  console.log(`   From        ${mail.from}`);
  console.log(`   Recipients  ${mail.recipients.join(', ')}`);
  console.log(`   Format      ${mail.format}`);
  console.log(`   Time        ${delay}\n`);
}

function showText(mail: Arrival | null): void {
  if (!mail) return;
  for (const line of mail.text.trimEnd().split('\n')) console.log(`   | ${line}`.trimEnd());
  console.log();
}

function since(causeAt: number, mail: Arrival | null): string {
  return `${Math.max(0, (mail?.at ?? causeAt) - causeAt)} ms`;
}

interface LogEntry {
  readonly messageId: string;
  readonly causedAt: string;
}

/** From the firing, as the delivery log has it, to the moment the mail server took the mail. */
async function sinceFiring(mail: Arrival | null): Promise<string> {
  if (!mail) return '';
  const id = mail.messageId.replace(/^<|>$/g, '');
  const entry = (await tocsin(dataDir, 'log', '--id', id)) as LogEntry;
  return `${since(Date.parse(entry.causedAt), mail)} from firing to acceptance`;
}

interface Check {
  readonly alerts: readonly { readonly conditions: readonly { readonly value: number | null }[] }[];
}

/** Measures the disk of this computer and gives a limit that it is really above. */
async function diskLimit(port: number, serviceUrl: string): Promise<number> {
  writeFileSync(settingsPath, JSON.stringify(settings(port, serviceUrl, 100)));
  await tocsin(dataDir, 'import', settingsPath);
  const check = (await tocsin(dataDir, 'check')) as Check;
  const used = check.alerts[0]?.conditions[0]?.value;
  if (typeof used !== 'number') throw new Error(`the disk ${DISK} could not be measured`);
  const limit = Math.max(0, Math.floor(used * 10 - 1) / 10);
  console.log(
    `1. Measured now: disk ${DISK} is ${used.toFixed(1)} % full. An alert is set to fire above ${limit} %.\n`,
  );
  return limit;
}

/** One mail with SMTP override: through the Web Service, and past the mail server of this computer. */
async function overridden(sink: Sink, far: Sink, service: Service): Promise<void> {
  console.log('5. This computer enrols with a Tocsin Web Service, and an alert with SMTP override fires:');
  await tocsin(dataDir, 'enroll', await service.code('demo'), '--relay', service.url);
  const before = sink.arrivals.length;
  writeFileSync(tillPath, '');
  const mail = await arrival(far, /^\[CRITICAL\] demo: Till/, 'the mail through the Web Service');
  showRelayed(mail, await sinceFiring(mail));
  if (sink.arrivals.length !== before) missing.push('nothing by the own mail server');
}

/** The own mail server stops under way: what it would have taken goes through the Web Service instead. */
async function fallenBack(sink: Sink, far: Sink): Promise<void> {
  console.log('7. The own mail server is stopped. The next alert falls back to the Web Service:');
  await sink.close();
  writeFileSync(doorPath, '');
  const mail = await arrival(far, /^\[CRITICAL\] demo: Cold store/, 'the mail that fell back');
  showRelayed(mail, await sinceFiring(mail));
}

/** By the service's own FROM, and HTML always. */
function showRelayed(mail: Arrival | null, delay: string): void {
  show(mail, delay);
  if (mail && !mail.from.includes(SERVICE_FROM)) missing.push("the Web Service's own FROM");
  if (mail && !mail.format.startsWith('HTML')) missing.push('HTML through the Web Service');
}

async function demo(sink: Sink, far: Sink, service: Service): Promise<void> {
  console.log(
    `A mail server listens on 127.0.0.1:${sink.port}, and a Tocsin Web Service on ${service.url} with a mail server\n` +
      'of its own. Everything below is what these two mail servers received.\n',
  );
  writeFileSync(watchedPath, 'done\n');
  const limit = await diskLimit(sink.port, service.url);
  writeFileSync(settingsPath, JSON.stringify(settings(sink.port, service.url, limit), null, 2));
  const agent = await startAgent(dataDir, settingsPath);
  try {
    console.log('2. The agent starts, measures, and the alert fires:');
    const disk = await arrival(sink, /^\[WARNING\] demo: Disk in use/, 'the mail about the disk');
    show(disk, await sinceFiring(disk));
    showText(disk);

    console.log('3. A watched file is deleted, as if last night’s backup had not run:');
    let causeAt = Date.now();
    rmSync(watchedPath);
    const fired = await arrival(sink, /^\[CRITICAL\] demo: Backup/, 'the mail about the backup');
    show(
      fired,
      `${since(causeAt, fired)} from cause, ${await sinceFiring(fired)} (the system says at once that it changed)`,
    );

    console.log(
      '4. The file is back. A second mail to the same people within 30 s is held, so that what comes',
    );
    console.log('   with it can be joined. Meanwhile, a status report on demand:');
    const backAt = Date.now();
    writeFileSync(watchedPath, 'done\n');
    causeAt = Date.now();
    await tocsin(dataDir, 'report', 'Morning report');
    const report = await arrival(sink, /^Status report: demo/, 'the status report');
    show(report, `${since(causeAt, report)} from the command to acceptance (rates take a second to measure)`);
    showText(report);

    await overridden(sink, far, service);

    console.log('6. The 30 s are over; the mail that the backup is back joins the same conversation:');
    const resolved = await arrival(sink, /^\[RESOLVED\] demo: Backup/, 'the mail that the backup is back');
    show(resolved, `${since(backAt, resolved)} from its end to acceptance`);
    if (fired && resolved && resolved.references !== fired.messageId)
      missing.push('the reference to the first mail');

    await fallenBack(sink, far);
  } finally {
    await stopAgent(agent);
  }
}

const sink = await startSink();
const far = await startSink();
try {
  const service = await startService(join(scratchDir, 'service'), far.port, SERVICE_FROM);
  try {
    await demo(sink, far, service);
  } finally {
    await service.stop();
  }
} catch (error) {
  missing.push(error instanceof Error ? error.message : String(error));
} finally {
  await Promise.all([sink.close(), far.close()]);
  rmSync(scratchDir, { recursive: true, force: true });
}
const count = sink.arrivals.length + far.arrivals.length;
console.log(missing.length === 0 ? `All ${count} mails arrived.` : `Missing: ${missing.join('; ')}`);
process.exitCode = missing.length === 0 ? 0 : 1;
