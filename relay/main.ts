import { Command, CommanderError, Option } from 'commander';
import { holdProcess } from '../mail/platform/clock.ts';
import { CommandFailure, EXIT, type ExitStatus } from './commands/exit.ts';
import { address, date, httpUrl, nameText, optional, wholeNumber } from './commands/arguments.ts';
import { createOutput, type Output } from './commands/output.ts';
import { defaultRelayDataDir, type RelayDataDir, relayDataDirAt } from './platform/data-dir.ts';
import { VERSION } from './version.ts';

/** The entry of `tocsin-relay`: reads the command line and hands over to one file of commands/ each. */
export async function main(words: readonly string[]): Promise<void> {
  const json = words.includes('--json');
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
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

type Work = (dataDir: RelayDataDir, output: Output) => Promise<void>;

function act(options: Common, work: Work): Promise<void> {
  if (options.databaseUrl !== undefined) {
    throw new CommandFailure(
      EXIT.cannot,
      'PostgreSQL is not built yet. Leave --database-url out; --data-dir DIR keeps everything in one SQLite file.',
    );
  }
  return work(folderAt(options.dataDir), createOutput(options.json ?? false));
}

function folderAt(path: string): RelayDataDir {
  try {
    return relayDataDirAt(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(EXIT.cannot, `The data folder ${path} cannot be used: ${why}`);
  }
}

function createProgram(): Command {
  const program = new Command('tocsin-relay')
    .description('The Tocsin Web Service: mails on behalf of enrolled installations, over HTTPS.')
    .version(VERSION, '-V, --version', 'print the version');
  const common = (command: Command) =>
    command
      .addOption(
        new Option('--data-dir <dir>', 'data folder of the service').default(
          defaultRelayDataDir(process.env, process.platform),
        ),
      )
      .option('--database-url <url>', 'PostgreSQL instead of the data folder (not built yet)')
      .option('--json', 'print one JSON document and nothing else on stdout');

  addServe(common(program.command('serve')));
  const installation = program.command('installation').description('who may use the service');
  const add = (name: string) => common(installation.command(name));
  const commands = () => import('./commands/installation.ts');

  add('add <name>')
    .description('make an installation and print its one-time enrolment code')
    .option('--expires <date>', 'last day of its subscription (2027-12-31), or a moment (ISO 8601)', date)
    .option('--reply-to <address>', 'the Reply-To of its mails', address)
    .option('--valid-minutes <n>', 'how long the code is valid', wholeNumber(1, 10_080), 15)
    .option('--renew', 'a new code for an installation that is there already', false)
    .action(
      (
        name: string,
        options: Common & { expires?: number | null; replyTo?: string; validMinutes: number; renew: boolean },
      ) =>
        act(options, async (dataDir, output) => {
          const { expires = null, replyTo = null, validMinutes, renew } = options;
          const given = { expiresAt: expires, replyTo, validMinutes, renew };
          await (await commands()).addInstallation(dataDir, nameText(name), given, output);
        }),
    );
  add('list')
    .description('all installations with their state')
    .action((options: Common) =>
      act(options, async (dataDir, output) => (await commands()).listInstallations(dataDir, output)),
    );
  add('show <installation>')
    .description('everything about one, by name or id')
    .action((name: string, options: Common) =>
      act(options, async (dataDir, output) => (await commands()).showInstallation(dataDir, name, output)),
    );
  add('extend')
    .argument('<installation>')
    .argument('[date]', 'the new end', date)
    .description('set the end of its subscription: a last day, a moment (ISO 8601), or never')
    .option('--expires <date>', 'the same as the second word', date)
    .action((name: string, day: number | null | undefined, options: Common & { expires?: number | null }) =>
      act(options, async (dataDir, output) => {
        const expiresAt = day === undefined ? options.expires : day;
        if (expiresAt === undefined)
          throw new CommandFailure(EXIT.usage, 'Say until when: a date such as 2027-12-31, or never.');
        await (await commands()).extendInstallation(dataDir, name, expiresAt, output);
      }),
    );
  add('revoke <installation>')
    .description('refuse everything it sends from now on; "add NAME --renew" lets it in again')
    .action((name: string, options: Common) =>
      act(options, async (dataDir, output) => (await commands()).revokeInstallation(dataDir, name, output)),
    );
  add('allow')
    .argument('<installation>')
    .argument('<address>', 'the recipient', address)
    .description('send mail again to a recipient who has unsubscribed')
    .action((name: string, recipient: string, options: Common) =>
      act(options, async (dataDir, output) =>
        (await commands()).allowRecipient(dataDir, name, recipient, output),
      ),
    );
  prepare(program);
  return program;
}

interface ServeWords extends Common {
  readonly port: number;
  readonly host: string;
  readonly from?: string;
  readonly smtpUrl: string;
  readonly publicUrl?: string;
  readonly operator?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly messagesPerHour: number;
  readonly recipientPerHour: number;
}

function addServe(command: Command): void {
  command
    .description('run the service in the foreground until SIGINT or SIGTERM')
    .option('--port <n>', 'port to listen on; 0 for any free one', wholeNumber(0, 65_535), 8025)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--from <address>', 'the address that relayed mail comes from', address)
    .addOption(
      new Option(
        '--smtp-url <url>',
        'smtp://USER:PASSWORD@HOST:PORT, ?starttls, smtps://…, or practice: for a practice mailbox',
      )
        .env('TOCSIN_RELAY_SMTP_URL')
        .default('practice:'),
    )
    .option('--public-url <url>', 'the address clients use, where a proxy stands in front', httpUrl)
    .option('--operator <address>', 'who gets mail when an installation falls silent', address)
    .option('--tls-cert <file>', 'certificate chain (PEM), for TLS without a proxy')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option('--messages-per-hour <n>', 'quota of an installation', wholeNumber(1, 1_000_000_000), 200)
    .option(
      '--recipient-per-hour <n>',
      'quota of an installation for one recipient',
      wholeNumber(1, 1_000_000_000),
      60,
    )
    .action((options: ServeWords) =>
      act(options, async (dataDir, output) => {
        const { serveCommand } = await import('./commands/serve.ts');
        const { port, host, smtpUrl } = options;
        const quotas = {
          messagesPerHour: options.messagesPerHour,
          messagesPerRecipientPerHour: options.recipientPerHour,
        };
        const from = optional(options.from);
        const publicUrl = optional(options.publicUrl);
        const operator = optional(options.operator);
        const tlsCert = optional(options.tlsCert);
        const tlsKey = optional(options.tlsKey);
        const given = { port, host, smtpUrl, from, publicUrl, operator, tlsCert, tlsKey, quotas };
        await serveCommand(dataDir, given, output);
      }),
    );
}

/** How every command and its sub-commands deal with help and faults. */
function prepare(command: Command): void {
  command
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'tocsin-relay: ')) })
    .showHelpAfterError('Run "tocsin-relay --help" or "tocsin-relay COMMAND --help" for what there is.');
  for (const each of command.commands) prepare(each);
}

/** Says what went wrong on stderr (with `--json` as a document on stdout as well) and gives the exit status. */
function report(error: unknown, json: boolean): ExitStatus {
  // Help and version are answers, not faults. Commander has printed everything already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof CommandFailure) {
    if (json)
      process.stdout.write(`${JSON.stringify({ error: error.message, code: error.code }, null, 2)}\n`);
    process.stderr.write(`${error.message}\n`);
    return error.status;
  }
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `The Tocsin Web Service met a fault of its own and ended. Please report this:\n${why}\n`,
  );
  return EXIT.cannot;
}
