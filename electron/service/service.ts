import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ServiceProgram, ServiceState, ServiceSystem, SystemCall } from './service-system.ts';

/** Runs a program of the system without a shell. Rejects where it cannot be started or does not end in time. */
export type RunSystemCall = (
  program: string,
  args: readonly string[],
) => Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;

export type ServiceOutcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Writes the definition and starts the service. What was written stays when starting fails, so that it can be looked at. */
export async function installService(
  system: ServiceSystem,
  program: ServiceProgram,
  run: RunSystemCall,
): Promise<ServiceOutcome> {
  const path = system.definitionPath;
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Readable for everybody, as systemd and launchd want it; it holds no secret.
    writeFileSync(path, system.definition(program), { mode: 0o644 });
  } catch (error) {
    const why = isPermission(error)
      ? 'this user may not write there; run this as root or as an administrator'
      : textOf(error);
    return { ok: false, message: `The service could not be installed: ${path} cannot be written: ${why}.` };
  }
  const failed = await callAll(system, system.afterInstall, run);
  if (failed === null) return { ok: true };
  return {
    ok: false,
    message: `${path} was written, but ${failed} Mend that and run "tocsin service install" again.`,
  };
}

/** Stops the service and removes its definition; the data folder stays. False where none was installed. */
export async function uninstallService(
  system: ServiceSystem,
  run: RunSystemCall,
): Promise<ServiceOutcome & { readonly wasInstalled: boolean }> {
  const path = system.definitionPath;
  if (!existsSync(path)) return { ok: true, wasInstalled: false };
  const wasInstalled = true;
  const failedBefore = await callAll(system, system.beforeUninstall, run);
  try {
    rmSync(path, { force: true });
  } catch (error) {
    return {
      ok: false,
      wasInstalled,
      message: `The service could not be removed: ${path} cannot be deleted: ${textOf(error)}.`,
    };
  }
  const failed = failedBefore ?? (await callAll(system, system.afterUninstall, run));
  if (failed === null) return { ok: true, wasInstalled };
  return { ok: false, wasInstalled, message: `${path} was deleted, but ${failed}` };
}

/** Null where no service is installed; `state` is null where the system does not tell. */
export async function serviceStatus(
  system: ServiceSystem,
  run: RunSystemCall,
): Promise<{ readonly state: ServiceState | null; readonly why: string | null } | null> {
  if (!existsSync(system.definitionPath)) return null;
  try {
    const output = await run(system.query.program, system.query.args);
    if (output.status !== 0 && output.stdout.trim() === '') {
      return { state: null, why: firstLine(output.stderr) };
    }
    return { state: system.readState(output), why: null };
  } catch (error) {
    return { state: null, why: textOf(error) };
  }
}

/** What did not work, as the rest of a sentence; null where all did. */
async function callAll(
  system: ServiceSystem,
  calls: readonly SystemCall[],
  run: RunSystemCall,
): Promise<string | null> {
  for (const { program, args, purpose, mayFail } of calls) {
    const failed = await run(program, args).then(
      ({ status, stderr, stdout }) => (status === 0 ? null : firstLine(stderr) || firstLine(stdout)),
      textOf,
    );
    if (failed !== null && mayFail !== true) {
      const command = [program, ...args].join(' ');
      return `${system.name} would not ${purpose} (${command}): ${failed.replace(/\.?$/, '.')}`;
    }
  }
  return null;
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/)[0] ?? '';
}

function isPermission(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
  );
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such program here' : error.message;
}
