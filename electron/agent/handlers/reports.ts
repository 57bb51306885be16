import type { Handlers } from '../../../shared/contract/ipc.ts';
import { nextRunAt, nextRunsAt } from '../settings/cron.ts';
import { parseReport } from '../settings/parse-part.ts';
import { previewOf, SOMEBODY } from './mail-preview.ts';
import type { HandlerParts } from './parts.ts';

export function reportHandlers(parts: HandlerParts): Pick<Handlers, 'reports.send' | 'reports.preview'> {
  const { settings, reporter, clock } = parts;
  return {
    async 'reports.send'({ name }) {
      const wanted = name.trim().toLowerCase();
      const report = settings.current().reports.find((entry) => entry.name.toLowerCase() === wanted);
      if (!report) return { found: false, ids: [] };
      return { found: true, ids: await reporter.send(report, null) };
    },
    async 'reports.preview'({ report: given }) {
      const parsed = parseReport(given);
      if (!parsed.ok) return { faults: parsed.faults };
      const { cron, enabled } = parsed.part;
      const messages = await reporter.compose({ ...parsed.part, recipients: [SOMEBODY] }, null);
      return {
        mail: previewOf(messages, parts),
        nextAt: enabled && cron !== null ? nextRunAt(cron, clock.now()) : null,
        next: cron === null ? [] : nextRunsAt(cron, 3, clock.now()),
      };
    },
  };
}
