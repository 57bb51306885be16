import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeScratchDir } from '../integration/support/scratch.ts';
import type { CountingSink } from './counting-sink.ts';
import { BODY_BYTES, DRAIN_TIMEOUT_MS, MESSAGES } from './queue-figures.ts';

/** Milliseconds in which a loop that does nothing else drains as many mails: what this machine and Node allow at all. */
export async function bareDrainRound(sink: CountingSink): Promise<number> {
  const scratch = makeScratchDir('tocsin-bare');
  try {
    const file = join(scratch.dir, 'bare.db');
    fill(file);
    const drained = sink.timeOf(MESSAGES, DRAIN_TIMEOUT_MS);
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'bare-drain.ts'), file, String(sink.port)],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    const drainMs = await drained;
    await ended;
    return drainMs;
  } finally {
    scratch.remove();
  }
}

function fill(file: string): void {
  const db = new DatabaseSync(file);
  db.exec(
    `PRAGMA journal_mode = WAL;
     CREATE TABLE mail (seq INTEGER PRIMARY KEY, state INTEGER NOT NULL, recipient TEXT NOT NULL, mime BLOB NOT NULL, reply TEXT) STRICT;
     CREATE INDEX mail_due ON mail (seq) WHERE state = 0;
     BEGIN;`,
  );
  const insert = db.prepare('INSERT INTO mail (state, recipient, mime) VALUES (0, ?, ?)');
  for (let index = 0; index < MESSAGES; index += 1) {
    const recipient = `someone-${index}@elsewhere.example`;
    const headers = `From: tocsin@contoso.example\r\nTo: ${recipient}\r\nSubject: bench ${index}\r\n\r\n`;
    insert.run(recipient, Buffer.from(headers + `${'x'.repeat(77)}\r\n`.repeat(Math.floor(BODY_BYTES / 79))));
  }
  db.exec('COMMIT');
  db.close();
}
