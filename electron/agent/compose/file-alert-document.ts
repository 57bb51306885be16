import { formatBytes } from '../../../shared/format.ts';
import { cleanName, keepLine } from './clean-text.ts';
import type { ComposeContext, FileAlert } from './compose.ts';
import { type ListItem, type MailDocument, section } from './mail-document.ts';
import { smallPrint } from './small-print.ts';
import { capitalised, SEVERITY_WORDS } from './tone.ts';

/** The mail in which another program speaks: its words as it wrote them, and which files go with them. */
export function fileAlertDocument(alert: FileAlert, context: ComposeContext): MailDocument {
  const lines = alert.message
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .map(keepLine);
  const text = lines.some((line) => line !== '') ? [section(null, { kind: 'lines', lines })] : [];
  const items = alert.attachments.map(
    ({ name, sizeBytes }): ListItem => ({
      tone: 'plain',
      title: cleanName(name),
      value: formatBytes(sizeBytes),
      note: null,
    }),
  );
  return {
    tone: alert.severity,
    state: capitalised(SEVERITY_WORDS[alert.severity]),
    headline: `${cleanName(alert.subject)} on ${cleanName(context.installation)}`,
    sections: [...text, ...(items.length === 0 ? [] : [section('Attached', { kind: 'list', items })])],
    // Nothing stands in for SMTP here (W1).
    smallPrint: [
      { label: 'File alert', value: cleanName(alert.name) },
      ...smallPrint({ ...context, serviceStandsIn: false }, 'smtp'),
    ],
  };
}
