import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from './debian-package.ts';
import { waitFor } from './scratch.ts';

/** A Dovecot that only checks passwords, for Postfix's AUTH. */
export interface DovecotAuth {
  readonly stop: () => Promise<void>;
}

export interface DovecotAuthOptions {
  /** A folder of its own. */
  readonly dir: string;
  /** Where Postfix expects the socket. */
  readonly socketPath: string;
  readonly users: Readonly<Record<string, string>>;
}

/** Starts a private Dovecot in the foreground, as a child that goes with `stop`. Needs root and Debian's dovecot-core. */
export async function startDovecotAuth(options: DovecotAuthOptions): Promise<DovecotAuth> {
  const program = programPath('dovecot');
  if (program === null) throw new Error('dovecot is not installed');
  mkdirSync(options.dir, { recursive: true, mode: 0o755 });
  const passwords = Object.entries(options.users).map(([user, password]) => `${user}:{PLAIN}${password}`);
  writeFileSync(join(options.dir, 'passwd'), `${passwords.join('\n')}\n`, { mode: 0o644 });
  const configPath = join(options.dir, 'dovecot.conf');
  writeFileSync(configPath, config(options));

  const child = spawn(program, ['-F', '-c', configPath], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  await waitFor('the socket of Dovecot', () => {
    if (child.exitCode !== null) throw new Error(`dovecot ended: ${said.trim()}`);
    return existsSync(options.socketPath) ? true : null;
  });
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function config({ dir, socketPath }: DovecotAuthOptions): string {
  return `base_dir = ${join(dir, 'run')}
state_dir = ${join(dir, 'state')}
log_path = ${join(dir, 'dovecot.log')}
instance_name = tocsin-test
protocols =
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = scheme=PLAIN ${join(dir, 'passwd')}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${dir}
}
service auth {
  unix_listener ${socketPath} {
    mode = 0660
    user = postfix
    group = postfix
  }
}
`;
}
