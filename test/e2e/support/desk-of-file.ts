import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { ScriptedSmtpServer } from '../../fakes/scripted-smtp-server.ts';
import { connectToBrowser } from './connect.ts';
import { type ConsoleRig, startConsoleRig } from './console-rig.ts';
import { frontDeskSettings } from './front-desk.ts';

/** What the tests of a file share. */
export interface DeskOfFile {
  readonly browser: Browser;
  /** Accepts everything. */
  readonly mailServer: ScriptedSmtpServer;
  readonly desk: ConsoleRig;
}

/** The agent of the front desk and its mail server for all tests of the file that calls this at its top. */
export function deskOfFile(): DeskOfFile {
  let parts: DeskOfFile | null = null;
  const begun = (): DeskOfFile => {
    if (parts === null) throw new Error('the front desk is there once the tests have begun');
    return parts;
  };
  beforeAll(async () => {
    const [browser, mailServer] = await Promise.all([connectToBrowser(), new ScriptedSmtpServer().start()]);
    const desk = await startConsoleRig({ settings: (dir) => frontDeskSettings(dir, mailServer.port) });
    parts = { browser, mailServer, desk };
  });
  afterAll(async () => {
    const { browser, mailServer, desk } = begun();
    await desk.dispose();
    await mailServer.stop();
    await browser.close();
  });
  return {
    get browser() {
      return begun().browser;
    },
    get mailServer() {
      return begun().mailServer;
    },
    get desk() {
      return begun().desk;
    },
  };
}
