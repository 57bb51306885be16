import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentHarness } from '../../integration/support/agent-process.ts';
import { fileAlert, testSettings } from '../../integration/support/settings-builder.ts';
import { type SmtpSink, startSmtpSink } from '../../integration/support/smtp-sink.ts';
import { waitFor } from '../../integration/support/scratch.ts';
import { importSettings } from './data-folder.ts';
import { type FailingAgent, type Hit, hitIn, startFailingAgent, type WriteFault } from './failing-agent.ts';

/** The mails of a run: an alert, the end of one that fired before, and an alert of the settings taken in meanwhile. */
const MAILS = ['alert', 'ended', 'new'] as const;
/** How long a mail may take where one write fails: what failed is tried again after 5 s at most. */
const MAILED_WITHIN_MS = 30_000;

/** What one run came to. */
export interface WriteRun {
  /** Whether the call came, and failed. */
  readonly hit: boolean;
  /** Whether nothing was said of it, as nothing depends on it. */
  readonly isSilent: boolean;
  /** Whether the agent ended by itself, as one that cannot keep its promises may, and was started again. */
  readonly ended: boolean;
  readonly doubled: number;
  readonly lost: number;
  readonly faults: readonly string[];
}

/** A place for runs, one after the other: a data folder to copy and a server of its own. */
export interface WriteLane {
  readonly run: (
    fault: WriteFault | null,
  ) => Promise<WriteRun & { readonly journal: string; readonly dataDir: string }>;
  readonly dispose: () => Promise<void>;
}

/** Makes a data folder in which an alert has fired and was mailed, and everything that is made once is there. */
export async function createWriteLane(): Promise<WriteLane> {
  const agent = createAgentHarness('tocsin-i6-writes');
  const sink = await startSmtpSink(agent.dir);
  const template = join(agent.dir, 'template');
  const cause = (name: string) => join(agent.dir, `cause-${name}`);
  const alert = (name: string) => ({
    ...(fileAlert(name, cause(name), [`${name}@contoso.example`]) as object),
    notifyOnRecovery: true,
  });
  const settings = (...names: string[]) =>
    testSettings({ servers: [{ port: sink.port }], alerts: names.map(alert) });
  importSettings(agent.dataDir, settings('alert', 'ended'));
  writeFileSync(cause('ended'), 'now');
  agent.start();
  await waitFor('the alert to be mailed', () => (sink.acceptances().length === 1 ? true : null), 30_000);
  // The room that is set aside in the database is made a few seconds after the start.
  await delay(6000);
  await agent.stop();
  // As if that had been a while ago: else the end of the alert would be held for what may follow.
  const database = new DatabaseSync(join(agent.dataDir, 'tocsin.db'));
  database.exec('DELETE FROM notice_group');
  database.close();
  cpSync(agent.dataDir, template, { recursive: true });
  const newSettings = agent.writeSettings(settings('alert', 'ended', 'new'));
  const journal = join(agent.dir, 'strace');

  return {
    run: async (fault) => {
      rmSync(agent.dataDir, { recursive: true });
      rmSync(journal, { force: true });
      cpSync(template, agent.dataDir, { recursive: true });
      rmSync(cause('alert'), { force: true });
      writeFileSync(cause('ended'), 'now');
      writeFileSync(cause('new'), 'now');
      const from = sink.acceptances().length;
      const traced = startFailingAgent(agent.dataDir, journal, fault);
      const run = new OneRun(agent, traced, sink, from);
      writeFileSync(cause('alert'), 'now');
      await run.awaitMail('alert');
      rmSync(cause('ended'));
      await run.awaitMail('ended');
      await run.importSettings(newSettings);
      await run.awaitMail('new');
      await run.awaitSettled();
      await run.end();
      const hit = fault === null ? null : hitIn(journal, agent.dataDir);
      return { ...run.result(hit), journal, dataDir: agent.dataDir };
    },
    dispose: async () => {
      await agent.dispose();
      await sink.stop();
    },
  };
}

/** What is seen of one run from outside. */
class OneRun {
  readonly #agent: ReturnType<typeof createAgentHarness>;
  readonly #traced: FailingAgent;
  readonly #sink: SmtpSink;
  readonly #from: number;
  readonly #faults: string[] = [];
  #ended = false;
  #told = false;

  constructor(
    agent: ReturnType<typeof createAgentHarness>,
    traced: FailingAgent,
    sink: SmtpSink,
    from: number,
  ) {
    this.#agent = agent;
    this.#traced = traced;
    this.#sink = sink;
    this.#from = from;
  }

  async awaitMail(name: (typeof MAILS)[number]): Promise<void> {
    await waitFor(
      `the mail ${name}`,
      async () => {
        await this.#revive();
        return this.#copies(name) > 0 ? true : null;
      },
      MAILED_WITHIN_MS,
      20,
    ).catch(() => this.#faults.push(`${name} was not mailed in time`));
  }

  /** Whoever is told that it failed imports once more. */
  async importSettings(path: string): Promise<void> {
    for (let tries = 0; tries < 3; tries += 1) {
      await this.#revive();
      const { status, stdout, stderr } = await this.#agent.run('import', path);
      if (status === 0) return;
      this.#told ||= (stdout + stderr).length > 0;
      await delay(300);
    }
    this.#faults.push('settings were refused three times');
  }

  /** Everything stands in the log as it was, and never stood there before it was so. */
  async awaitSettled(): Promise<void> {
    await waitFor(
      'the log',
      async () => {
        await this.#revive();
        const accepted = acceptedMails(this.#agent.dataDir);
        const came = 1 + this.#sink.acceptances().length - this.#from;
        if (accepted > came) this.#faults.push(`${accepted} stand as accepted, ${came} came`);
        return accepted >= 1 + MAILS.length ? true : null;
      },
      MAILED_WITHIN_MS,
      50,
    ).catch(() => this.#faults.push('the log does not show every mail as accepted in the end'));
  }

  async end(): Promise<void> {
    const status = this.#ended ? await this.#agent.stop() : await this.#traced.stop();
    if (status !== 0) this.#faults.push(`it ended with ${status} when it was told to end`);
  }

  result(hit: Hit | null): WriteRun {
    const doubled = MAILS.reduce((sum, name) => sum + Math.max(0, this.#copies(name) - 1), 0);
    const lost = MAILS.filter((name) => this.#copies(name) === 0).length;
    const said = this.#traced.said();
    if (doubled > 0) this.#faults.push(`${doubled} second copies`);
    const isSaid = this.#told || this.#ended || /"level":[456]0/.test(said);
    if (hit?.silentBecause === null && !isSaid) this.#faults.push(`nothing was said of ${hit.line}`);
    if (this.#ended && said.trim() === '') this.#faults.push('it ended without a word');
    const words =
      this.#faults.length === 0 ? [] : [`${this.#faults.join('; ')} (it said: ${said.slice(-600)})`];
    return {
      hit: hit !== null,
      isSilent: hit !== null && !isSaid,
      ended: this.#ended,
      doubled,
      lost,
      faults: words,
    };
  }

  #copies(name: string): number {
    const mails = this.#sink.acceptances().slice(this.#from);
    return mails.filter(({ recipients }) => recipients[0] === `${name}@contoso.example`).length;
  }

  async #revive(): Promise<void> {
    if (this.#ended || !this.#traced.hasEnded()) return;
    this.#ended = true;
    this.#agent.start();
    await this.#agent.ready();
  }
}

function acceptedMails(dataDir: string): number {
  try {
    const database = new DatabaseSync(join(dataDir, 'tocsin.db'), { readOnly: true });
    try {
      return Number(
        database.prepare("SELECT count(*) AS n FROM recipient WHERE status = 'accepted'").get()?.['n'],
      );
    } finally {
      database.close();
    }
  } catch {
    return 0;
  }
}
