import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirAt } from '../../../electron/agent/platform/data-dir.ts';
import { openDatabase } from '../../../electron/agent/record/open-database.ts';
import { createKeyFileSecretStore } from '../../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../../electron/agent/settings/settings-store.ts';
import { systemRandom } from '../../../mail/platform/clock.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import { fileAlert, testSettings } from '../../integration/support/settings-builder.ts';
import { waitFor } from '../../integration/support/scratch.ts';
import { ScriptedSmtpServer } from '../../fakes/scripted-smtp-server.ts';
import { startInnerAgent } from './inner-agent.ts';

export const PASSWORD = 'canary-data-folder';
export const ALERTS = 10;
/** So many of them were mailed before the copy was made; the others wait. */
const MAILED = 5;

export const recipientOf = (number: number) => `alert-${number}@contoso.example`;

/** Takes settings in as `tocsin import` does. */
export function importSettings(dir: string, settings: unknown): void {
  const dataDir = dataDirAt(dir);
  const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
  const take = loaded.ok ? loaded.store.import : loaded.replace;
  const outcome = take(JSON.stringify(settings), dir);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.faults));
}

/**
 * A data folder in the middle of its work: ten alerts are firing, five were mailed, five mails wait and are due.
 * Two copies: `closed`, as after an orderly end, and `open`, as after a crash, with the log of SQLite beside it.
 */
export async function makeDataFolders(dir: string, port: number): Promise<{ closed: string; open: string }> {
  const work = join(dir, 'work');
  mkdirSync(work);
  const causes = Array.from({ length: ALERTS }, (_, index) => join(dir, `cause-${index}`));
  const alerts = causes.map((path, index) => fileAlert(`Alert ${index}`, path, [recipientOf(index)]));
  const auth = { method: 'password', user: 'tocsin', password: PASSWORD } as const;
  importSettings(work, testSettings({ servers: [{ port, auth }], alerts }));

  const server = await new ScriptedSmtpServer().start(port);
  const started = await startInnerAgent(work);
  if (!('agent' in started)) throw new Error('The agent did not start on a sound folder');
  const outbox = () => started.agent.status().outbox;
  for (const path of causes.slice(0, MAILED)) writeFileSync(path, 'now');
  await waitFor('the first mails', () => (outbox().accepted24h === MAILED ? true : null));
  await server.stop();
  for (const path of causes.slice(MAILED)) writeFileSync(path, 'now');
  await waitFor('mails to wait', () => (outbox().waiting === ALERTS - MAILED ? true : null));
  await started.agent.stop();

  const opened = openDatabase(join(work, 'tocsin.db'), Date.now(), false);
  if (!opened.ok) throw new Error(opened.error.message);
  createOutbox(opened.value, systemRandom).makeDue(null, 0);
  cpSync(work, join(dir, 'open'), { recursive: true });
  opened.value.close();
  cpSync(work, join(dir, 'closed'), { recursive: true });
  return { closed: join(dir, 'closed'), open: join(dir, 'open') };
}
