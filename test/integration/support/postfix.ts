import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { missingReason, programPath } from './debian-package.ts';
import { type DovecotAuth, startDovecotAuth } from './dovecot-auth.ts';
import { readMaildir, type StoredMail } from './maildir.ts';
import { type PostfixOptions, postfixConfig } from './postfix-config.ts';
import { makePrivateCa, type PrivateCa } from './private-ca.ts';
import { freePort, makeScratchDir, waitFor } from './scratch.ts';

const execute = promisify(execFile);
/** The unprivileged user `nobody`, who owns the mailboxes. */
const MAILBOX_UID = 65534;

/** A private instance of Debian's Postfix. */
export interface Postfix {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The CA to trust; null without STARTTLS. */
  readonly ca: PrivateCa | null;
  /** The mails of one mailbox, named by its local part. */
  readonly mailbox: (user: string) => StoredMail[];
  /** Where the mailboxes lie: a Maildir each, named by its local part. */
  readonly mailboxesDir: string;
  /** The files of one mailbox, by their names. */
  readonly files: (user: string) => readonly { readonly name: string; readonly path: string }[];
  /** What Postfix wrote into its log, for messages of failed tests. */
  readonly log: () => string;
  /** Runs one of Postfix's own commands, such as `postsuper`, on this instance. */
  readonly command: (program: string, ...words: string[]) => Promise<string>;
  /** Ends it and removes everything it had. */
  readonly stop: () => Promise<void>;
}

/** Why Postfix cannot be run here, or null where it can; installs Debian's packages where that is possible. */
export function postfixMissing(): string | null {
  if (process.platform !== 'linux') return 'Postfix is run on Linux only';
  if (process.getuid?.() !== 0) return 'a Postfix of our own needs root: its parts run as users of their own';
  return missingReason({ postfix: ['postfix'], dovecot: ['dovecot-core'], openssl: ['openssl'] });
}

/**
 * Starts a Postfix with configuration, queue and mailboxes of its own under a temp folder, on a loopback port of its
 * own. The system's instance is not touched. It takes about a second.
 */
export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const scratch = makeScratchDir('tpf');
  const { dir } = scratch;
  let dovecot: DovecotAuth | null = null;
  let started = false;
  const command = async (program: string, ...words: string[]): Promise<string> => {
    const path = programPath(program);
    if (path === null) throw new Error(`${program} is not installed`);
    const { stdout, stderr } = await execute(path, ['-c', join(dir, 'config'), ...words]);
    return stdout + stderr;
  };
  const log = () => {
    const logPath = join(dir, 'log/postfix.log');
    return existsSync(logPath) ? readFileSync(logPath, 'utf8') : '';
  };
  const stop = async () => {
    try {
      if (started) await command('postfix', 'stop');
      await dovecot?.stop();
    } finally {
      scratch.remove();
    }
  };

  try {
    const port = options.port ?? (await freePort());
    const ca = options.starttls === undefined ? null : makePrivateCa(dir);
    await layOut(dir, options, port, ca);
    if (options.users !== undefined) {
      const socketPath = join(dir, 'queue/private/auth');
      dovecot = await startDovecotAuth({ dir: join(dir, 'dovecot'), socketPath, users: options.users });
    }
    await command('postfix', 'start');
    started = true;
    await waitFor('Postfix to take connections', () => greets(port), 15_000, 50);
    return {
      host: '127.0.0.1',
      port,
      ca,
      mailboxesDir: join(dir, 'mailboxes'),
      mailbox: (user) => readMaildir(join(dir, 'mailboxes', user)),
      files: (user) => {
        const newDir = join(dir, 'mailboxes', user, 'new');
        return existsSync(newDir)
          ? readdirSync(newDir).map((name) => ({ name, path: join(newDir, name) }))
          : [];
      },
      log,
      command,
      stop,
    };
  } catch (cause) {
    const said = log();
    await stop();
    throw new Error(`Postfix could not be started. ${said}`, { cause });
  }
}

async function layOut(
  dir: string,
  options: PostfixOptions,
  port: number,
  ca: PrivateCa | null,
): Promise<void> {
  const postfixUid = await idOf('-u', 'postfix');
  for (const name of ['config', 'queue', 'data', 'log', 'mailboxes'])
    mkdirSync(join(dir, name), { mode: 0o755 });
  // Postfix makes the folders of its queue itself; Dovecot's socket needs this one before.
  mkdirSync(join(dir, 'queue/private'), { mode: 0o700 });
  chownSync(join(dir, 'queue/private'), postfixUid, 0);
  chownSync(join(dir, 'data'), postfixUid, 0);
  chmodSync(join(dir, 'data'), 0o700);
  chownSync(join(dir, 'mailboxes'), MAILBOX_UID, MAILBOX_UID);
  const places = { dir, port, certPath: ca?.certPath ?? null, keyPath: ca?.keyPath ?? null };
  for (const [name, content] of Object.entries(postfixConfig(options, places))) {
    writeFileSync(join(dir, 'config', name), content);
  }
}

async function idOf(flag: '-u' | '-g', user: string): Promise<number> {
  const { stdout } = await execute('id', [flag, user]);
  return Number(stdout.trim());
}

/** True once the server on this port greets: with 220, unless it speaks another protocol. */
export function greets(port: number, greeting = '220'): Promise<true | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (result: true | null) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(3000, () => end(null));
    socket.once('error', () => end(null));
    socket.once('data', (chunk) => {
      socket.end('QUIT\r\n');
      end(String(chunk).startsWith(greeting) ? true : null);
    });
  });
}
