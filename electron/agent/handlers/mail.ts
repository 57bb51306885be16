import { createResolver } from '../../../mail/resolve.ts';
import type { Handlers, ReplyOf, TestReport, TestStage } from '../../../shared/contract/ipc.ts';
import { ERRORS, errorSentence } from '../../../shared/errors.ts';
import { sleep } from '../../../shared/model/clock.ts';
import { relayedContext } from '../compose/context.ts';
import { smtpServer } from '../dispatch/routes.ts';
import { faultsText, parseServer } from '../settings/parse-part.ts';
import type { HandlerParts } from './parts.ts';

/** A name that has not been resolved by then is not, to somebody who looks on. */
const RESOLVE_MS = 10_000;

export function mailHandlers(
  parts: HandlerParts,
): Pick<Handlers, 'mail.test' | 'mail.check' | 'mail.findings' | 'mail.resolve' | 'mail.presets'> {
  const { settings, hostName, practice, clock, live, oauth } = parts;
  /** One for all calls: a page asks again and again, and who asks for the same name shares the question. */
  const resolve = createResolver();
  return {
    async 'mail.test'({ to, via, testId, server: given, from, timeoutSeconds }) {
      const parsed = given === undefined ? null : parseServer(given);
      if (parsed !== null && !parsed.ok) {
        const sentence = `Nothing was sent, for the server is not complete: ${faultsText(parsed.faults)}.`;
        return { accepted: false, sentence, via, server: null, stages: [] } satisfies TestReport;
      }
      const composer = await parts.composer();
      const context = parts.composeContext();
      const told = testId === undefined ? undefined : (stage: TestStage) => live.testStage(testId, stage);
      if (via === 'relay') {
        const report = await parts.relay.test(composer.test(to, relayedContext(context)));
        for (const stage of report.stages) told?.(stage);
        return report;
      }
      const message = composer.test(to, context);
      const { testMail } = await import('../dispatch/test-mail.ts');
      return testMail({
        settings,
        tokens: oauth.tokens,
        hostName,
        practice,
        message,
        clock,
        ...(parsed === null ? {} : { form: { server: parsed.part, from, timeoutSeconds } }),
        ...(told === undefined ? {} : { onStage: told }),
      });
    },
    async 'mail.check'({ server: given, timeoutSeconds }) {
      const parsed = parseServer(given);
      if (!parsed.ok) {
        const sentence = `The server is not complete: ${faultsText(parsed.faults)}.`;
        return { reached: false, server: null, sentence, failure: null };
      }
      const { checkServer } = await import('../dispatch/test-mail.ts');
      return checkServer({
        server: smtpServer(parsed.part, settings, oauth.tokens),
        timeoutSeconds: timeoutSeconds ?? settings.current().smtp.timeoutSeconds,
        hostName,
        clock,
      });
    },
    async 'mail.findings'({ server: given, from }) {
      const parsed = given === undefined ? null : parseServer(given);
      // What is not complete is for the test to say.
      if (parsed !== null && !parsed.ok) return [];
      const { checkSender } = await import('../dispatch/check-sender.ts');
      const server = parsed === null ? null : parsed.part;
      return checkSender({ settings: settings.current(), server, from, hostName, clock });
    },
    async 'mail.resolve'({ host }) {
      const late = sleep(clock, RESOLVE_MS).then(() => ({ nodeCode: 'ETIMEOUT' }));
      const found = await Promise.race([resolve(host), late]);
      if ('addresses' in found)
        return { state: 'resolves', addresses: found.addresses.slice(0, 20), sentence: null };
      const exists = found.nodeCode !== 'ENOTFOUND';
      const code = exists ? 'smtp_dns_timeout' : 'smtp_host_not_found';
      return {
        state: exists ? 'no-answer' : 'not-found',
        addresses: [],
        sentence: `${errorSentence(code, { server: host })} ${ERRORS[code].cause}`,
      };
    },
    'mail.presets': listPresets,
  };
}

type Presets = ReplyOf<'mail.presets'>;

/** What most people come for stands first, under the names they know it by, and with what they have to know. */
const FIRST: Presets = [
  {
    name: 'Microsoft 365',
    host: 'smtp.office365.com',
    port: 587,
    security: 'starttls',
    note: 'Microsoft switches off passwords for SMTP: sign in by OAuth 2.0. The mailbox needs “Authenticated SMTP” allowed in any case.',
  },
  {
    name: 'Gmail',
    host: 'smtp.gmail.com',
    port: 465,
    security: 'tls',
    note: 'Takes a sign-in by OAuth 2.0 or an app password, not the password of the account.',
  },
];

/** As much of nodemailer's entries as is used; not every one has everything. */
interface KnownService {
  readonly description?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly secure?: boolean;
}

/** Services that only show what they are sent: the practice mailbox is there for that. */
const NOT_FOR_PEOPLE = /localhost|mailtrap|ethereal|debugmail|maildev|mailosaur|mailcatch/i;

async function listPresets(): Promise<Presets> {
  // Loaded late: a list that is looked at once or never.
  const { default: known } = await import('nodemailer/lib/well-known/services');
  const services: Readonly<Record<string, KnownService>> = known;
  const others = Object.entries(services)
    .flatMap(([key, { description, host, port, secure }]) =>
      host === undefined || NOT_FOR_PEOPLE.test(`${key} ${host}`)
        ? []
        : [
            {
              name: description ?? key,
              host,
              port: Number(port ?? (secure === true ? 465 : 587)),
              security: secure === true ? ('tls' as const) : ('starttls' as const),
              note: null,
            },
          ],
    )
    .filter(({ host }) => FIRST.every((first) => first.host !== host));
  // Some are listed under two keys.
  const distinct = [...new Map(others.map((preset) => [preset.name, preset])).values()];
  return [...FIRST, ...distinct.sort((left, right) => left.name.localeCompare(right.name, 'en'))];
}
