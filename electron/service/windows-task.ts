import { win32 } from 'node:path';
import type { ServiceProgram, ServiceSystem, SystemCall } from './service-system.ts';
import { escapeXml } from './xml.ts';

const TASK = 'Tocsin';

export interface WindowsTaskOptions {
  /** Where the definition is kept for the Task Scheduler to read, and to show what was installed. */
  readonly dataDir: string;
}

/**
 * A start-up task of the Task Scheduler, as the local system account. Windows services need a program that speaks the
 * Service Control Manager's protocol, which Node does not; a task needs none.
 */
export function windowsTask(options: WindowsTaskOptions): ServiceSystem {
  const definitionPath = win32.join(options.dataDir, 'start-up-task.xml');
  const call = (purpose: string, ...args: readonly string[]): SystemCall => ({
    program: 'schtasks.exe',
    args,
    purpose,
  });
  return {
    name: 'the Task Scheduler',
    definitionPath,
    // "schtasks /Create /XML" reads what the Task Scheduler itself exports: UTF-16 with a byte order mark.
    definition: (program) => Buffer.from(`\uFEFF${taskXml(program)}`, 'utf16le'),
    afterInstall: [
      call('start it with the computer', '/Create', '/TN', TASK, '/XML', definitionPath, '/F'),
      call('start it now', '/Run', '/TN', TASK),
    ],
    beforeUninstall: [
      { ...call('stop it', '/End', '/TN', TASK), mayFail: true },
      { ...call('delete the task', '/Delete', '/TN', TASK, '/F'), mayFail: true },
    ],
    afterUninstall: [],
    // The words of "schtasks /Query" are translated; those of PowerShell's task objects are not.
    query: {
      program: 'powershell.exe',
      args: [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `(Get-ScheduledTask -TaskName ${TASK} -ErrorAction Stop).State.ToString()`,
      ],
      purpose: 'ask for its state',
    },
    readState: ({ status, stdout }) => ({
      startsWithComputer: status === 0 && !/^Disabled\s*$/m.test(stdout),
      running: status === 0 && /^Running\s*$/m.test(stdout),
    }),
    afterword: null,
  };
}

/** Schema 1.4: [MS-TSCH] 2.3. Elements stand in the order that the schema asks for. */
function taskXml({ command, dataDir }: ServiceProgram): string {
  const [program, ...args] = [...command, '--log-file', win32.join(dataDir, 'service.log')];
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Tocsin, watches this computer and mails what is wrong</Description>
    <URI>\\${TASK}</URI>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>S-1-5-18</UserId>
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>7</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escapeXml(program)}</Command>
      <Arguments>${escapeXml(args.map(windowsWord).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/**
 * One word of a command line as programs take it apart again:
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
function windowsWord(text: string): string {
  if (text !== '' && !/[\s"]/.test(text)) return text;
  const escaped = text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return `"${escaped}"`;
}
