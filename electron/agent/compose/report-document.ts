import { formatTime } from '../../../shared/format.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { activeAlertBlocks } from './active-alerts.ts';
import { cleanName } from './clean-text.ts';
import type { ComposeContext, ReportData } from './compose.ts';
import { deliverySection } from './delivery-section.ts';
import { type Fact, facts, type MailDocument, presentFacts, type Section, section } from './mail-document.ts';
import { historySection } from './report-charts.ts';
import { glanceSection } from './report-glance.ts';
import { cpuSection, diskSection, memorySection, networkSection, systemSection } from './report-sections.ts';
import { reportState } from './report-state.ts';
import { smallPrint } from './small-print.ts';
import { watchedBlocks } from './watched-items.ts';

/** The status report: everything in one glance, what fires, and then the details, with at most `chartsMax` charts. */
export function reportDocument(
  data: ReportData,
  context: ComposeContext,
  route: RouteChoice,
  chartsMax = Number.POSITIVE_INFINITY,
): MailDocument {
  const state = reportState(data);
  return {
    tone: state.tone,
    state: state.word === null ? 'Status report' : `Status report, ${state.word}`,
    headline: state.headline(cleanName(context.installation)),
    sections: [
      section(null, facts(['Taken', formatTime(data.takenAt, context.timeZone)])),
      ...firingSections(data, context),
      glanceSection(data),
      section('Watched items', ...watchedBlocks(data.watched)),
      historySection(data, context, chartsMax),
      systemSection(data),
      cpuSection(data),
      memorySection(data),
      diskSection(data),
      networkSection(data),
      deliverySection(data, context),
    ],
    smallPrint: [...reportOrigin(data, context), ...smallPrint(context, route)],
  };
}

/** Which report this is and why it came. */
function reportOrigin(data: ReportData, context: ComposeContext): Fact[] {
  const schedule = data.dueAt === null ? 'on demand' : `due ${formatTime(data.dueAt, context.timeZone)}`;
  return presentFacts([
    ['Report', cleanName(data.name)],
    ['Schedule', schedule],
  ]);
}

function firingSections(data: ReportData, context: ComposeContext): Section[] {
  if (data.firing.length === 0) return [];
  return [section('Firing now', ...activeAlertBlocks(data.firing, context))];
}
