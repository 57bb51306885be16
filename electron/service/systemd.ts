import { join } from 'node:path';
import type { ServiceProgram, ServiceSystem, SystemCall } from './service-system.ts';

const UNIT = 'tocsin.service';

export interface SystemdOptions {
  /** Root installs for the computer; anybody else for himself, which needs lingering to run without a login. */
  readonly isRoot: boolean;
  readonly homeDir: string;
}

/** A systemd unit, of the system or of one user (systemd.unit(5), systemd.service(5)). */
export function systemd(options: SystemdOptions): ServiceSystem {
  const { isRoot, homeDir } = options;
  const unitDir = isRoot ? '/etc/systemd/system' : join(homeDir, '.config', 'systemd', 'user');
  const call = (purpose: string, ...words: readonly string[]): SystemCall => ({
    program: 'systemctl',
    args: isRoot ? words : ['--user', ...words],
    purpose,
  });
  return {
    name: 'systemd',
    definitionPath: join(unitDir, UNIT),
    definition: (program) => Buffer.from(unitText(program, isRoot)),
    afterInstall: [
      call('read the unit', 'daemon-reload'),
      call('start it with the computer', 'enable', UNIT),
      // Also where it runs already, with what an older unit said.
      call('start it now', 'restart', UNIT),
    ],
    beforeUninstall: [{ ...call('stop it', 'disable', '--now', UNIT), mayFail: true }],
    afterUninstall: [call('forget the unit', 'daemon-reload')],
    query: call('ask for its state', 'show', UNIT, '--property=ActiveState,UnitFileState'),
    readState: ({ stdout }) => ({
      startsWithComputer: /^UnitFileState=enabled$/m.test(stdout),
      running: /^ActiveState=(active|reloading|activating)$/m.test(stdout),
    }),
    afterword: isRoot
      ? null
      : 'It runs while you are logged in. To run it without: loginctl enable-linger (as root: install it as root instead, for the whole computer).',
  };
}

/**
 * It starts anew whatever ends it, for as long as it takes (`StartLimitIntervalSec=0`): a watcher that gives up is none. It
 * reads the whole computer and deletes requests of other programs, so only what it never needs is taken from it.
 */
function unitText({ command, dataDir }: ServiceProgram, isRoot: boolean): string {
  const protection = isRoot
    ? `ProtectSystem=full
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ReadWritePaths=-${word(dataDir)}
`
    : '';
  return `[Unit]
Description=Tocsin, watches this computer and mails what is wrong
After=network.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${command.map(word).join(' ')}
Restart=always
RestartSec=2
TimeoutStopSec=20
UMask=0077
NoNewPrivileges=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
${protection}
[Install]
WantedBy=${isRoot ? 'multi-user.target' : 'default.target'}
`;
}

/** One word of a unit file: quoted, with specifiers and variables switched off (systemd.service(5), "Command lines"). */
function word(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/%/g, '%%')
    .replace(/\$/g, '$$$$')
    .replace(/\n/g, '\\n');
  return /^[\w@.,:/+=-]+$/.test(text) ? text : `"${escaped}"`;
}
