import { type AlertSettings, type Settings, settingsSchema } from '../../../shared/contract/settings.ts';
import { ALERT_TEMPLATES, alertFromTemplate, exampleTargets } from '../../../shared/templates.ts';
import { AlertEditor, type AlertEditorProps } from '../../editors/alert/alert-editor.tsx';
import { GoneDialog } from '../../editors/entry/gone-dialog.tsx';
import { useStatus } from '../../hooks/use-status.tsx';
import { copyName } from '../../model/alert-row.ts';
import { systemOf } from '../../model/system.ts';

/** In the address instead of a template: an alert that is made from nothing. */
export const EMPTY_ID = 'empty';

/**
 * The editor that the address asks for: `#/alerts/NAME` an alert, `#/alerts/new/TEMPLATE` a new one, `#/alerts/copy/NAME` a
 * copy. So a reload opens it again, and the desktop app can give it a window of its own.
 */
export function OpenedAlert({
  rest,
  settings,
  onClose,
}: {
  readonly rest: readonly string[];
  readonly settings: Settings;
  readonly onClose: () => void;
}) {
  const status = useStatus();
  if (rest.length === 0 || status === null) return null;
  const opened = openedBy(rest, settings, status.dataDir);
  if (opened === null) return <GoneDialog title={rest.at(-1) ?? ''} onClose={onClose} />;
  return <AlertEditor key={rest.join('/')} {...opened} onClose={onClose} />;
}

type Opened = Omit<AlertEditorProps, 'onClose'>;

function openedBy(rest: readonly string[], { alerts }: Settings, dataDir: string): Opened | null {
  const [first = '', second] = rest;
  if (second === undefined) {
    const before = alerts.find(({ name }) => name === first);
    return before === undefined ? null : { before, start: before };
  }
  const names = alerts.map(({ name }) => name);
  if (first === 'copy') {
    const source = alerts.find(({ name }) => name === second);
    return source === undefined
      ? null
      : { before: null, start: { ...source, name: copyName(source.name, names) } };
  }
  if (first !== 'new') return null;
  if (second === EMPTY_ID) return { before: null, start: emptyAlert() };
  return fromTemplate(second, names, dataDir);
}

function fromTemplate(id: string, names: readonly string[], dataDir: string): Opened | null {
  const template = ALERT_TEMPLATES.find((each) => each.id === id);
  if (template === undefined) return null;
  const examples = exampleTargets(template, systemOf(dataDir));
  const targets = template.blanks.map(({ usable }, at) => (usable ? (examples[at] ?? '') : ''));
  const start = alertFromTemplate(template, targets);
  const isTaken = names.some((name) => name.toLowerCase() === start.name.toLowerCase());
  return {
    before: null,
    start: isTaken ? { ...start, name: copyName(start.name, names) } : start,
    example: examples[0],
  };
}

/** With every default of the settings; its one condition is still to be chosen. */
function emptyAlert(): AlertSettings {
  const conditions = [{ metric: 'disk.usedPercent', target: '/', above: 90 }];
  const [alert] = settingsSchema.parse({ version: 1, alerts: [{ name: 'new', conditions }] }).alerts;
  if (alert === undefined) throw new Error('The schema of the settings gave no alert');
  return { ...alert, name: '', conditions: [{ metric: 'disk.usedPercent', target: '', forSeconds: 0 }] };
}
