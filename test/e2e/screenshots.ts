/**
 * `npm run docs:screenshots`: pictures of the page for the docs, light and dark, from a real agent that measures this
 * computer. Its week of history is made up. Words behind it name the pictures to take: those that begin so.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ALERT_PAGE_SHOTS } from './support/alert-shots.ts';
import { launchChromium } from './support/chromium.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { frontDeskSettings, writeHistory } from './support/front-desk.ts';
import { BUSY_SERVER, busyDeskSettings, LOG_SHOTS } from './support/log-shots.ts';
import { writeLog } from './support/log-samples.ts';
import { emailShots, FIRST_RUN_SHOTS, REFUSES_PASSWORDS } from './support/mail-shots.ts';
import type { Shot } from './support/shot.ts';
import { makeCertificates } from '../fakes/certificates.ts';
import { OAuthServer } from '../fakes/oauth-server.ts';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { startSink } from '../../scripts/demo/sink.ts';

const OUT_DIR = resolve(import.meta.dirname, '../../docs/screenshots');

const SHOTS: readonly Shot[] = [
  {
    name: 'overview',
    steps: async (page) => {
      await page.getByText('Nothing is wrong.').waitFor();
      await page.getByRole('img', { name: /^Disk/ }).waitFor();
    },
  },
  {
    name: 'chart',
    steps: async (page) => {
      await page.getByRole('row', { name: 'Memory used' }).click();
      await page.getByText('Last 7 days').click();
      await page.getByRole('dialog').locator('canvas').waitFor();
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'about',
    steps: async (page) => {
      await page.getByRole('link', { name: 'About' }).click();
      await page.getByRole('heading', { name: 'Software inside' }).waitFor();
    },
  },
];

/** Taken last, when the watched file is gone. */
const ALERT_SHOTS: readonly Shot[] = [
  {
    name: 'overview-alert',
    steps: async (page) => {
      await page.getByText('fires.').first().waitFor();
      await page.getByRole('img', { name: /^Disk/ }).waitFor();
    },
  },
  {
    name: 'overview-narrow',
    width: 720,
    height: 480,
    steps: (page) => page.getByText('fires.').first().waitFor(),
  },
];

mkdirSync(OUT_DIR, { recursive: true });
const wanted = process.argv.slice(2);
const sink = await startSink();
const refusing = await new ScriptedSmtpServer(REFUSES_PASSWORDS).start();
const unknown = await new ScriptedSmtpServer({ certificate: makeCertificates().good }).start();
const service = await new OAuthServer({ clientSecret: 'secret' }).start();
const fresh = await startConsoleRig({ settings: () => ({ version: 1 }) });
const desk = await startConsoleRig({
  settings: (dir) => frontDeskSettings(dir, sink.port),
  prepare: writeHistory,
});
const busyServer = await new ScriptedSmtpServer(BUSY_SERVER).start();
const busy = await startConsoleRig({
  settings: (dir) => busyDeskSettings(dir, busyServer.port),
  prepare: (agent) => writeLog(agent, 60, false),
});
const browser = await launchChromium();

async function take(shots: readonly Shot[], from: ConsoleRig): Promise<void> {
  for (const { name, steps, ...size } of shots) {
    if (wanted.length > 0 && !wanted.some((word) => name.startsWith(word))) continue;
    for (const theme of ['light', 'dark'] as const) {
      const rig = await from.open(browser, { theme, ...size });
      await steps(rig.page);
      await rig.page.screenshot({ path: join(OUT_DIR, `${name}-${theme}.png`) });
      await rig.close();
      console.log(`docs/screenshots/${name}-${theme}.png`);
    }
  }
}

try {
  await take([...SHOTS, ...ALERT_PAGE_SHOTS], desk);
  await take(emailShots(refusing.port, unknown.port, service), desk);
  await take(FIRST_RUN_SHOTS, fresh);
  // Waits for whom the server puts off: not waited for here.
  void busy.agent.run('report', 'Morning report');
  await take(LOG_SHOTS, busy);
  rmSync(join(desk.agent.dir, 'last-backup'));
  await take(ALERT_SHOTS, desk);
} finally {
  await browser.close();
  await desk.dispose();
  await fresh.dispose();
  await busy.dispose();
  await busyServer.stop();
  await refusing.stop();
  await unknown.stop();
  await service.stop();
  await sink.close();
}
