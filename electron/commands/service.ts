import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { systemClock } from '../../mail/platform/clock.ts';
import { createProgramRunner } from '../agent/collect/run-program.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { makeOwnerOnlyDir } from '../agent/platform/files.ts';
import { readKeyFile } from '../agent/settings/data-key.ts';
import { installService, serviceStatus, uninstallService } from '../service/service.ts';
import { serviceStart } from '../service/service-start.ts';
import type { ServiceProgram, ServiceSystem } from '../service/service-system.ts';
import { serviceSystemOf } from '../service/service-systems.ts';
import { CommandFailure, EXIT, type ExitStatus } from './exit.ts';
import { takeInAndWipe } from './import.ts';
import type { Output } from './output.ts';

export async function serviceInstallCommand(
  dataDir: DataDir,
  settingsFile: string | undefined,
  output: Output,
): Promise<void> {
  const system = systemFor(dataDir);
  makeOwnerOnlyDir(dataDir.path);
  // First of all: a service without its settings watches nothing, and looks as if it did.
  if (settingsFile !== undefined) {
    await takeInAndWipe(dataDir, settingsFile);
    output.note(`Settings taken in from ${settingsFile}, which was overwritten and deleted.`);
  }
  const outcome = await installService(system, programFor(dataDir), createProgramRunner(systemClock));
  if (!outcome.ok) throw new CommandFailure(EXIT.cannot, outcome.message);
  output.answer({ installed: true, definition: system.definitionPath, dataDir: dataDir.path }, () => {
    output.line(`Tocsin starts with this computer from now on, and runs. Data folder: ${dataDir.path}`);
    output.line(`Defined in ${system.definitionPath}`);
    if (system.afterword !== null) output.note(system.afterword);
    if (readKeyFile(dataDir.keyPath).kind === 'sealed') {
      output.note(
        `Passwords that were entered in the desktop app are sealed by its keyring, which a service cannot open. Delete ${dataDir.keyPath} and import the settings with their passwords again.`,
      );
    }
  });
}

export async function serviceUninstallCommand(dataDir: DataDir, output: Output): Promise<ExitStatus> {
  const system = systemFor(dataDir);
  const outcome = await uninstallService(system, createProgramRunner(systemClock));
  if (!outcome.ok) throw new CommandFailure(EXIT.cannot, outcome.message);
  output.answer({ uninstalled: outcome.wasInstalled }, () => {
    output.line(
      outcome.wasInstalled
        ? `Tocsin no longer starts with this computer. Its data stays in ${dataDir.path}.`
        : `Nothing to remove: there is no ${system.definitionPath}.`,
    );
  });
  return outcome.wasInstalled ? EXIT.done : EXIT.no;
}

export async function serviceStatusCommand(dataDir: DataDir, output: Output): Promise<ExitStatus> {
  const system = systemFor(dataDir);
  const status = await serviceStatus(system, createProgramRunner(systemClock));
  const state = status?.state ?? null;
  const document = {
    installed: status !== null,
    definition: system.definitionPath,
    ...state,
    why: status?.why,
  };
  output.answer(document, () => {
    if (status === null) {
      output.line('Tocsin does not start with this computer. "tocsin service install" makes it do so.');
      return;
    }
    output.line(`Installed in ${system.definitionPath}`);
    if (state === null) {
      output.line(`${system.name} does not tell how it is: ${status.why ?? 'no reason was given'}`);
      return;
    }
    output.line(`Starts with the computer: ${state.startsWithComputer ? 'yes' : 'no, it is disabled'}`);
    output.line(`Running: ${state.running ? 'yes' : 'no'}`);
  });
  return status !== null && state?.running === true ? EXIT.done : EXIT.no;
}

function systemFor(dataDir: DataDir): ServiceSystem {
  const system = serviceSystemOf({
    platform: process.platform,
    userId: process.getuid?.() ?? null,
    homeDir: homedir(),
    dataDir: dataDir.path,
  });
  if (system !== null) return system;
  throw new CommandFailure(
    EXIT.cannot,
    `Tocsin cannot install itself as a service on ${process.platform}. Start "tocsin run" by the means of this system.`,
  );
}

/** What started this command, started as an agent: a checkout's Node with its script, or the installed app. */
function programFor(dataDir: DataDir): ServiceProgram {
  const start = serviceStart({
    system: process.platform,
    isRoot: process.getuid?.() === 0,
    program: process.env['APPIMAGE'] ?? process.execPath,
    script: process.versions['electron'] === undefined ? resolve(process.argv[1] ?? '') : null,
  });
  return { command: [...start, '--data-dir', dataDir.path], dataDir: dataDir.path };
}
