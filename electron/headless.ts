import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { holdProcess, systemClock } from '../mail/platform/clock.ts';
import { addressFault } from '../shared/address.ts';
import { dataDirAt, defaultDataDir } from './agent/platform/data-dir.ts';
import { VERSION } from './agent/version.ts';
import { CommandFailure, EXIT, type ExitStatus } from './commands/exit.ts';
import { printable, printableJson } from '../shared/printable.ts';
import { createOutput, type Output } from './commands/output.ts';
import { systemFailure } from './commands/system-failure.ts';

/** The entry of `tocsin`: reads the command line and hands over to one file of commands/ each, loaded when needed. */
export async function main(words: readonly string[]): Promise<void> {
  const json = words.slice(0, words.includes('--') ? words.indexOf('--') : words.length).includes('--json');
  // What is kept is the owner's alone; the database, too, which SQLite creates by the mask.
  process.umask(0o077);
  const release = holdProcess();
  try {
    await createProgram().parseAsync([...words], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, json);
  } finally {
    release();
  }
}

interface Common {
  readonly dataDir: string;
  readonly json?: boolean;
}

/** Runs a command with its data folder and its output, and keeps the status it ends with. */
function act(
  options: Common,
  work: (dataDir: ReturnType<typeof dataDirAt>, output: Output) => Promise<ExitStatus | void>,
): Promise<void> {
  return work(dataDirAt(options.dataDir), createOutput(options.json ?? false)).then((status) => {
    process.exitCode = status ?? EXIT.done;
  });
}

const ONE_DOCUMENT = 'print one JSON document and nothing else on stdout';

/** Every command with its options. */
export function createProgram(): Command {
  const program = new Command('tocsin')
    .description(
      'Watches this computer, decides when something is wrong, and gets the mail about it out, for certain.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'tocsin: ')) })
    .showHelpAfterError('Run "tocsin --help" or "tocsin COMMAND --help" for what there is.');

  const command = (name: string, description: string, json = ONE_DOCUMENT, parent = program) =>
    parent
      .command(name)
      .description(description)
      .addOption(
        new Option('--data-dir <dir>', 'data folder of the installation')
          .argParser(folderPath)
          .default(defaultDataDir(process.env, process.platform)),
      )
      .option('--json', json);

  command('run', 'run the agent in the foreground until SIGINT or SIGTERM')
    .option('--settings <file>', 'take in this settings file first')
    .option('--log-file <file>', 'write the log to this file instead of stderr; it is put aside at 5 MB')
    .option(
      '--console-port <n>',
      'port of the web console, which the other commands use too; 0 for any free one',
      wholeNumber(0, 65535),
      0,
    )
    .option('--no-console', 'no web console; the other commands still reach the agent')
    .option('--open', 'open the web console in the browser, where there is a display')
    .action(
      (
        options: Common & {
          settings?: string;
          logFile?: string;
          consolePort: number;
          console: boolean;
          open?: boolean;
        },
      ) =>
        act(options, async (dataDir, output) => {
          const { runCommand } = await import('./commands/run.ts');
          const {
            settings: settingsFile,
            logFile,
            consolePort,
            console: withConsole,
            open = false,
          } = options;
          await runCommand(dataDir, { settingsFile, logFile, consolePort, withConsole, open }, output);
        }),
    );

  command('import <file>', 'take in a settings file: all of it or none of it')
    .option('--wipe', 'overwrite and delete the file after it was taken in')
    .action((file: string, options: Common & { wipe?: boolean }) =>
      act(options, async (dataDir, output) => {
        const { importCommand } = await import('./commands/import.ts');
        await importCommand(dataDir, file, { wipe: options.wipe ?? false }, output);
      }),
    );

  command('export', 'print the settings, without passwords')
    .option('--out <file>', 'write them to a file instead')
    .action((options: Common & { out?: string }) =>
      act(options, async (dataDir, output) => {
        const { exportCommand } = await import('./commands/export.ts');
        await exportCommand(dataDir, options.out, output);
      }),
    );

  command(
    'check',
    'measure once and say what every alert makes of it; sends nothing (status 1: an alert fires)',
  ).action((options: Common) =>
    act(options, async (dataDir, output) =>
      (await import('./commands/check.ts')).checkCommand(dataDir, output),
    ),
  );

  command('report <name>', 'send a status report now and wait for its outcome')
    .option('--timeout <seconds>', 'how long to wait for the outcome', wholeNumber(1, 86_400), 60)
    .action((name: string, options: Common & { timeout: number }) =>
      act(options, async (dataDir, output) => {
        const { reportCommand } = await import('./commands/report.ts');
        return reportCommand(dataDir, name, options.timeout, output);
      }),
    );

  command('test-mail', 'send a test message now and show every stage')
    .requiredOption('--to <address>', 'the address it goes to', mailAddress)
    .addOption(
      new Option('--via <route>', 'by the mail servers that are set, or through the Tocsin Web Service')
        .choices(['smtp', 'relay'])
        .default('smtp'),
    )
    .action((options: Common & { to: string; via: 'smtp' | 'relay' }) =>
      act(options, async (dataDir, output) => {
        const { testMailCommand } = await import('./commands/test-mail.ts');
        return testMailCommand(dataDir, options.to, options.via, output);
      }),
    );

  command('status', 'state of alerts, outbox, mail paths and the last check').action((options: Common) =>
    act(options, async (dataDir, output) => {
      const { statusCommand } = await import('./commands/status.ts');
      await statusCommand(dataDir, systemClock.now(), output);
    }),
  );

  command('log', 'the delivery log, newest first', 'print one JSON object a line, one for each message')
    .option('--limit <n>', 'at most so many messages', wholeNumber(1, 100_000), 50)
    .option('--since <time>', 'only messages decided since this time (ISO 8601)', isoMoment)
    .option('--id <id>', 'one message with every attempt and its text')
    .action((options: Common & { limit: number; since?: number; id?: string }) =>
      act(options, async (dataDir, output) => {
        const { logCommand } = await import('./commands/log.ts');
        await logCommand(
          dataDir,
          { limit: options.limit, since: options.since ?? null, id: options.id },
          output,
        );
      }),
    );

  command(
    'enroll <code>',
    'enrol this computer with a Tocsin Web Service, by a one-time code of its operator',
  )
    .requiredOption('--relay <url>', 'address of the service, such as https://relay.example')
    .option('--ca <file>', 'certificate of a private authority that the service uses (PEM)')
    .action((code: string, options: Common & { relay: string; ca?: string }) =>
      act(options, async (dataDir, output) => {
        const { enrollCommand } = await import('./commands/enroll.ts');
        return enrollCommand(dataDir, { code, url: options.relay, caFile: options.ca }, output);
      }),
    );

  const signing = () => import('./commands/sign-in.ts');
  const SERVER_OPTION = [
    '--server <name>',
    'host, or host:port, of the server; needed where there are several',
  ] as const;
  command('sign-in', 'sign in for a mail server by OAuth 2.0: says where to go, and waits')
    .option(...SERVER_OPTION)
    .addOption(
      new Option(
        '--by <way>',
        'by a code on any device, or in a browser; left out: as the provider usually has it',
      ).choices(['code', 'browser']),
    )
    .action((options: Common & { server?: string; by?: 'code' | 'browser' }) =>
      act(options, async (dataDir, output) =>
        (await signing()).signInCommand(dataDir, { server: options.server, by: options.by }, output),
      ),
    );
  command('sign-out', 'forget the sign-in for a mail server by OAuth 2.0')
    .option(...SERVER_OPTION)
    .action((options: Common & { server?: string }) =>
      act(options, async (dataDir, output) =>
        (await signing()).signOutCommand(dataDir, options.server, output),
      ),
    );

  const control = () => import('./commands/control.ts');

  command('resend <id>', 'send a message of the log again to those who have not got it').action(
    (id: string, options: Common) =>
      act(options, async (dataDir, output) => (await control()).resendCommand(dataDir, id, output)),
  );
  command('ack <alert>', 'acknowledge an alert that fires: no more reminders').action(
    (name: string, options: Common) =>
      act(options, async (dataDir, output) => (await control()).acknowledgeCommand(dataDir, name, output)),
  );
  command('snooze', 'no mail about an alert for a while')
    .argument('<alert>', 'name of the alert')
    .argument('<minutes>', 'for how long', wholeNumber(1, 525_600))
    .action((name: string, minutes: number, options: Common) =>
      act(options, async (dataDir, output) =>
        (await control()).snoozeCommand(dataDir, name, minutes, output),
      ),
    );
  command('pause', 'pause monitoring, for some minutes or until "resume"')
    .argument('[minutes]', 'for how long; left out: until "resume"', wholeNumber(1, 525_600))
    .action((minutes: number | undefined, options: Common) =>
      act(options, async (dataDir, output) =>
        (await control()).pauseCommand(dataDir, minutes ?? null, output),
      ),
    );
  command('resume', 'go on monitoring').action((options: Common) =>
    act(options, async (dataDir, output) => (await control()).resumeCommand(dataDir, output)),
  );
  command('console', 'print a one-time address of the web console').action((options: Common) =>
    act(options, async (dataDir, output) => (await control()).consoleCommand(dataDir, output)),
  );

  const service = program
    .command('service')
    .description('start the agent with the computer: systemd, launchd or a Windows start-up task');
  const serviceCommands = () => import('./commands/service.ts');
  command('install', 'start the agent with the computer, and now', ONE_DOCUMENT, service)
    .option('--settings <file>', 'take in this settings file first, then overwrite and delete it')
    .action((options: Common & { settings?: string }) =>
      act(options, async (dataDir, output) =>
        (await serviceCommands()).serviceInstallCommand(dataDir, options.settings, output),
      ),
    );
  command('uninstall', 'no longer start it; its data stays', ONE_DOCUMENT, service).action(
    (options: Common) =>
      act(options, async (dataDir, output) =>
        (await serviceCommands()).serviceUninstallCommand(dataDir, output),
      ),
  );
  command('status', 'whether it is installed and runs (status 1: no)', ONE_DOCUMENT, service).action(
    (options: Common) =>
      act(options, async (dataDir, output) =>
        (await serviceCommands()).serviceStatusCommand(dataDir, output),
      ),
  );
  return program;
}

/** Says what went wrong on stderr (with `--json` as one document on stdout as well) and gives the exit status. */
function report(error: unknown, json: boolean): ExitStatus {
  const document = (message: string, details: Readonly<Record<string, unknown>>) => {
    if (json) process.stdout.write(`${printableJson(JSON.stringify({ error: message, ...details }))}\n`);
  };
  if (error instanceof CommanderError) {
    // Help and version are answers, not faults. Commander has printed everything for people already.
    if (error.exitCode === 0) return EXIT.done;
    document(error.message.replace(/^error: /, ''), { code: 'usage' });
    return EXIT.usage;
  }
  const failure = error instanceof CommandFailure ? error : systemFailure(error);
  if (failure !== null) {
    document(failure.message, failure.details);
    process.stderr.write(`${printable(failure.message)}\n`);
    return failure.status;
  }
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  document(error instanceof Error ? error.message : why, { code: 'fault' });
  process.stderr.write(`Tocsin met a fault of its own and ended. Please report this:\n${printable(why)}\n`);
  return EXIT.cannot;
}

/** An empty folder, such as from a shell variable that is not set, would be the folder one happens to stand in. */
function folderPath(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must name a folder.');
}

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function isoMoment(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms) && /^\d{4}-\d{2}-\d{2}/.test(text)) return ms;
  throw new InvalidArgumentError('It must be a time such as 2026-01-31T08:00:00Z.');
}

function mailAddress(text: string): string {
  const fault = addressFault(text);
  if (fault === null) return text;
  throw new InvalidArgumentError(`It ${fault}.`);
}
