import { formatDuration, formatTime } from '../../../shared/format.ts';
import { cleanLine, cleanName } from './clean-text.ts';
import type { ComposeContext, DeliveryHealth, ReportData } from './compose.ts';
import { type Block, facts, type ListItem, paragraphs, type Section, section } from './mail-document.ts';
import type { Tone } from './tone.ts';

type Route = DeliveryHealth['routes'][number];

const ROUTE_WORDS: Readonly<Record<Route['state'], { readonly tone: Tone; readonly word: string }>> = {
  ok: { tone: 'ok', word: 'all right' },
  down: { tone: 'critical', word: 'down' },
  paused: { tone: 'warning', word: 'paused' },
  unused: { tone: 'plain', word: 'not used' },
};

/** How mail has fared, and the routes it can take. */
export function deliverySection(data: ReportData, context: ComposeContext): Section {
  const { delivery } = data;
  return section(
    `Mail in the last ${delivery.windowHours} h`,
    facts(
      ['Accepted', String(delivery.accepted)],
      ['Failed', String(delivery.failed)],
      ['Waiting', waitingText(delivery, context)],
    ),
    routesBlock(delivery),
  );
}

function waitingText(delivery: DeliveryHealth, context: ComposeContext): string {
  const { waiting, oldestWaitingAt: oldest } = delivery;
  if (oldest === null) return String(waiting);
  const age = formatDuration(context.now - oldest);
  return `${waiting}, the oldest for ${age}, since ${formatTime(oldest, context.timeZone)}`;
}

function routesBlock(delivery: DeliveryHealth): Block {
  if (delivery.routes.length === 0) return paragraphs('No mail route is set up.');
  const items = delivery.routes.map((route): ListItem => {
    const { tone, word } = ROUTE_WORDS[route.state];
    return { tone, title: cleanName(route.text), value: word, note: cleanLine(route.detail ?? '') || null };
  });
  return { kind: 'list', items };
}
