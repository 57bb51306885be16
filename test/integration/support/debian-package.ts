import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';

/** What became of a program that a test stage needs. */
type PackageState =
  | { readonly state: 'present' | 'installed' }
  | { readonly state: 'missing'; readonly reason: string };

const PATH_DIRS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const INSTALL_TIMEOUT_MS = 180_000;

/**
 * The full path of a program, looked for also in the folders that only root has on its PATH; null where it is not. One
 * that is named in full is looked for there alone.
 */
export function programPath(program: string): string | null {
  if (program.startsWith('/')) return isExecutable(program) ? program : null;
  const dirs = [...(process.env['PATH'] ?? '').split(':'), ...PATH_DIRS].filter((dir) => dir !== '');
  return dirs.map((dir) => `${dir}/${program}`).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes sure that `program` can be run: installs `packages` by apt-get where it is missing and this process is root on
 * a Debian-like system. It never throws; where the program cannot be had, the reason is a sentence to skip with.
 * The services of the packages are not started: the tests run instances of their own.
 */
function ensureProgram(program: string, packages: readonly string[]): PackageState {
  if (programPath(program) !== null) return { state: 'present' };
  const wanted = packages.join(' ');
  if (process.platform !== 'linux') return missing(`${program} is run on Linux only`);
  if (programPath('apt-get') === null)
    return missing(`${program} is not here and this is no Debian (no apt-get)`);
  if (process.getuid?.() !== 0)
    return missing(`${program} is not here; as root this would install ${wanted}`);

  const fault = withServicesHeldBack(() => {
    preseed();
    const first = install(packages);
    if (first === null) return null;
    // A fresh image has no package lists.
    return apt(['update']) ?? install(packages);
  });
  if (fault !== null) return missing(`apt-get could not install ${wanted}: ${fault}`);
  return programPath(program) === null
    ? missing(`${wanted} was installed, but brought no ${program}`)
    : { state: 'installed' };
}

/** As `ensureProgram`, for several at once; the first that cannot be had gives the reason. Null: all are there. */
export function missingReason(wanted: Readonly<Record<string, readonly string[]>>): string | null {
  for (const [program, packages] of Object.entries(wanted)) {
    const result = ensureProgram(program, packages);
    if (result.state === 'missing') return result.reason;
  }
  return null;
}

function missing(reason: string): PackageState {
  return { state: 'missing', reason };
}

function install(packages: readonly string[]): string | null {
  return apt(['install', '--yes', '--no-install-recommends', ...packages]);
}

/** Runs apt-get; null where it succeeded, else the last line of what it said. */
function apt(words: readonly string[]): string | null {
  const { status, stderr, stdout, error } = spawnSync(
    'apt-get',
    ['-q', '-o', 'DPkg::Lock::Timeout=120', ...words],
    {
      encoding: 'utf8',
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    },
  );
  if (status === 0) return null;
  const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
  return error?.message ?? (said === '' ? `exit status ${status}` : said);
}

/** Postfix's installer asks what kind of mail host this is; "Local only" touches nothing outside. */
function preseed(): void {
  spawnSync('debconf-set-selections', {
    input: 'postfix postfix/main_mailer_type select Local only\npostfix postfix/mailname string localhost\n',
  });
}

const POLICY_PATH = '/usr/sbin/policy-rc.d';

/** Debian's way to install a service without starting it: a policy that forbids it (101), for as long as it takes. */
function withServicesHeldBack<T>(run: () => T): T {
  if (existsSync(POLICY_PATH)) return run();
  writeFileSync(POLICY_PATH, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return run();
  } finally {
    rmSync(POLICY_PATH, { force: true });
  }
}
