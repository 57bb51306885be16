import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openStore } from '../../../mail/store.ts';
import { scratchDir } from '../../fakes/scratch-dir.ts';

const STORE_PATH = resolve(import.meta.dirname, '../../../mail/store.ts');
const SCHEMA = { part: 'test', steps: ['CREATE TABLE thing (name TEXT) STRICT'] };

test('two processes that open a new database at the same moment make its tables once', async () => {
  const path = join(scratchDir(), 'tocsin.db');
  const prepared = openStore(path, { schemas: [{ part: 'other', steps: [] }] });
  if (prepared.ok) prepared.value.close();
  const first = new DatabaseSync(path);
  first.exec('BEGIN IMMEDIATE');

  // The other one reads that there are no tables, and then waits for its turn.
  const script = `
    const { openStore } = await import(${JSON.stringify(STORE_PATH)});
    console.log('loaded');
    openStore(${JSON.stringify(path)}, { schemas: [${JSON.stringify(SCHEMA)}] });`;
  const words = ['--input-type=module', '-e', script];
  const other = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(other, 'exit');
  await once(other.stdout, 'data');
  await new Promise((wake) => setTimeout(wake, 100));
  first.exec(SCHEMA.steps.join(';'));
  first.exec("INSERT INTO schema_version (part, version) VALUES ('test', 1)");
  first.exec('COMMIT');
  first.close();
  expect(await ended).toEqual([0, null]);
});
