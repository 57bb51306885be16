import { cleanLine, cleanName } from './clean-text.ts';
import type { ComposeContext, SystemNotice } from './compose.ts';
import { facts, type MailDocument, paragraphs, section } from './mail-document.ts';
import { routeText, smallPrint } from './small-print.ts';
import { capitalised, SEVERITY_WORDS } from './tone.ts';

/** The mail in which Tocsin speaks of itself. */
export function noticeDocument(notice: SystemNotice, context: ComposeContext): MailDocument {
  const lines = notice.paragraphs.map(cleanLine).filter((line) => line !== '');
  const told = (notice.facts ?? []).map(
    ([label, value]) => [label, value === null ? null : cleanLine(value)] as const,
  );
  return {
    tone: notice.severity,
    state: capitalised(SEVERITY_WORDS[notice.severity]),
    headline: cleanName(notice.headline),
    sections: [
      ...(lines.length === 0 ? [] : [section(null, paragraphs(...lines))]),
      ...(told.length === 0 ? [] : [section('Details', facts(...told))]),
    ],
    smallPrint: smallPrint(noticeContext(notice, context), 'smtp'),
  };
}

/** A notice has no override: where it goes by the service, that is because it is the way left. */
function noticeContext(notice: SystemNotice, context: ComposeContext): ComposeContext {
  const byService = { ...context, serviceStandsIn: false };
  if (notice.route === 'relay') return { ...byService, smtpRouteText: 'Tocsin Web Service' };
  if (context.noticeRoute !== 'relay') return context;
  return { ...byService, smtpRouteText: 'Tocsin Web Service, because no mail server is set' };
}

/** The mail of the Test button. It says what its arrival proves, and what "accepted" did not. */
export function testDocument(context: ComposeContext): MailDocument {
  const installation = cleanName(context.installation);
  return {
    tone: 'ok',
    state: 'Test message',
    headline: 'If you read this, mail from this computer arrives',
    sections: [
      section(
        null,
        paragraphs(
          `Somebody pressed Test on ${installation}. This message left by ${routeText('smtp', context)}.`,
          'When Tocsin says that a message was accepted, a mail server has taken it over. That is no proof that it arrived. That you read this is.',
          'Nothing is wrong, and nothing needs to be done.',
        ),
      ),
    ],
    // A test goes the way it tests.
    smallPrint: smallPrint({ ...context, serviceStandsIn: false }, 'smtp'),
  };
}
