import { join } from 'node:path';
import type { ServiceProgram, ServiceSystem } from './service-system.ts';
import { escapeXml } from './xml.ts';

const LABEL = 'app.tocsin.agent';

export interface LaunchdOptions {
  /** Root installs a daemon for the computer; anybody else an agent, which runs while he is logged in. */
  readonly isRoot: boolean;
  readonly homeDir: string;
  readonly userId: number;
}

/** A launchd property list (launchd.plist(5)), loaded by `launchctl bootstrap` (launchctl(1)). */
export function launchd(options: LaunchdOptions): ServiceSystem {
  const { isRoot, homeDir, userId } = options;
  const library = isRoot ? '/Library/LaunchDaemons' : join(homeDir, 'Library', 'LaunchAgents');
  const definitionPath = join(library, `${LABEL}.plist`);
  const domain = isRoot ? 'system' : `gui/${userId}`;
  const program = 'launchctl';
  const bootOut = { program, args: ['bootout', `${domain}/${LABEL}`], purpose: 'stop it', mayFail: true };
  return {
    name: 'launchd',
    definitionPath,
    definition: (what) => Buffer.from(plist(what)),
    afterInstall: [
      // One that is loaded already keeps what an older list said.
      bootOut,
      { program, args: ['enable', `${domain}/${LABEL}`], purpose: 'start it with the computer' },
      { program, args: ['bootstrap', domain, definitionPath], purpose: 'start it now' },
    ],
    beforeUninstall: [bootOut],
    afterUninstall: [],
    query: { program, args: ['print', `${domain}/${LABEL}`], purpose: 'ask for its state' },
    readState: ({ status, stdout }) => ({
      startsWithComputer: status === 0,
      running: status === 0 && /^\s*state = running$/m.test(stdout),
    }),
    afterword: isRoot
      ? null
      : 'It runs while you are logged in. Install it with sudo to run it for the whole computer, whoever is logged in.',
  };
}

function plist({ command, dataDir }: ServiceProgram): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${[...command, '--log-file', `${dataDir}/service.log`].map((word) => `    <string>${escapeXml(word)}</string>`).join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>20</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  <string>/dev/null</string>
  <key>StandardErrorPath</key>
  <string>/dev/null</string>
</dict>
</plist>
`;
}
