import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingReason, programPath } from './debian-package.ts';
import { greets } from './postfix.ts';
import type { PrivateCa } from './private-ca.ts';
import { freePort, makeScratchDir, waitFor } from './scratch.ts';

/** The user `nobody`, who owns the mailboxes. */
const MAILBOX_UID = 65534;

/** A Dovecot that lets users read their mailboxes. */
export interface DovecotMailbox {
  /** POP3 offers STARTTLS and IMAP speaks TLS at once; neither takes a password unencrypted. */
  readonly ports: { readonly pop3: number; readonly imap: number };
  /** What Dovecot wrote into its log, for messages of failed tests. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export interface DovecotMailboxOptions {
  /** Holds a Maildir for each user, owned by `nobody`. */
  readonly mailboxesDir: string;
  readonly users: Readonly<Record<string, string>>;
  readonly ca: PrivateCa;
}

/** Why Dovecot's mailbox servers cannot be run here, or null where they can; installs Debian's packages where possible. */
export function dovecotMissing(): string | null {
  return missingReason({
    dovecot: ['dovecot-core'],
    '/usr/lib/dovecot/pop3': ['dovecot-pop3d'],
    '/usr/lib/dovecot/imap': ['dovecot-imapd'],
  });
}

/** Starts a private Dovecot on loopback ports of its own, as a child that goes with `stop`. Needs root. */
export async function startDovecotMailbox(options: DovecotMailboxOptions): Promise<DovecotMailbox> {
  const program = programPath('dovecot');
  if (program === null) throw new Error('dovecot is not installed');
  const { dir, remove } = makeScratchDir('tdv');
  const ports = { pop3: await freePort(), imap: await freePort() };
  mkdirSync(join(dir, 'state'));
  for (const name of ['control', 'home']) {
    mkdirSync(join(dir, name));
    chownSync(join(dir, name), MAILBOX_UID, MAILBOX_UID);
  }
  const passwords = Object.entries(options.users).map(([user, password]) => `${user}:{PLAIN}${password}`);
  writeFileSync(join(dir, 'passwd'), `${passwords.join('\n')}\n`);
  writeFileSync(join(dir, 'dovecot.conf'), config(dir, ports, options));

  const child = spawn(program, ['-F', '-c', join(dir, 'dovecot.conf')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    remove();
  };
  const log = () => {
    const path = join(dir, 'dovecot.log');
    return said + (existsSync(path) ? readFileSync(path, 'utf8') : '');
  };
  try {
    await waitFor('Dovecot to take connections', () => {
      if (child.exitCode !== null) throw new Error('dovecot ended');
      return greets(ports.pop3, '+OK');
    });
  } catch (cause) {
    const words = log();
    await stop();
    throw new Error(`Dovecot could not be started. ${words}`, { cause });
  }
  return { ports, log, stop };
}

function config(dir: string, ports: DovecotMailbox['ports'], options: DovecotMailboxOptions): string {
  const { mailboxesDir, ca } = options;
  return `base_dir = ${join(dir, 'run')}
state_dir = ${join(dir, 'state')}
log_path = ${join(dir, 'dovecot.log')}
instance_name = tocsin-mailbox
protocols = pop3 imap
listen = 127.0.0.1
ssl = required
ssl_cert = <${ca.certPath}
ssl_key = <${ca.keyPath}
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:${mailboxesDir}/%u:CONTROL=${dir}/control/%u:INDEX=MEMORY
passdb {
  driver = passwd-file
  args = scheme=PLAIN ${join(dir, 'passwd')}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${dir}/home/%u
}
service pop3-login {
  inet_listener pop3 {
    port = ${ports.pop3}
  }
  inet_listener pop3s {
    port = 0
  }
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${ports.imap}
    ssl = yes
  }
}
`;
}
