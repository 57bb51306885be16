import { type AlertSettings, settingsSchema } from '../../../shared/contract/settings.ts';
import { ALERT_TEMPLATES, alertFromTemplate, exampleTargets } from '../../../shared/templates.ts';
import { AlertEditor } from '../../editors/alert/alert-editor.tsx';
import { useStatus } from '../../hooks/use-status.tsx';
import { freeName, openedEntry } from '../../model/opened-entry.ts';
import { systemOf } from '../../model/system.ts';
import { OpenedEditor } from '../entries/opened-editor.tsx';

/** In the address instead of a template: an alert that is made from nothing. */
export const EMPTY_ID = 'empty';

/** The editor that the address asks for; a new alert is made from the template named in it. */
export function OpenedAlert({
  rest,
  alerts,
  onClose,
}: {
  readonly rest: readonly string[];
  readonly alerts: readonly AlertSettings[];
  readonly onClose: () => void;
}) {
  const status = useStatus();
  if (status === null) return null;
  const { dataDir } = status;
  const [first, template] = rest;
  const example = first === 'new' && template !== undefined ? exampleOf(template, dataDir) : undefined;
  return (
    <OpenedEditor
      rest={rest}
      opened={openedEntry(rest, alerts, (id) =>
        id === EMPTY_ID ? emptyAlert() : fromTemplate(id, alerts, dataDir),
      )}
      onClose={onClose}
    >
      {(opened, key) => <AlertEditor key={key} {...opened} example={example} onClose={onClose} />}
    </OpenedEditor>
  );
}

function fromTemplate(id: string, alerts: readonly AlertSettings[], dataDir: string): AlertSettings | null {
  const template = ALERT_TEMPLATES.find((each) => each.id === id);
  if (template === undefined) return null;
  const examples = exampleTargets(template, systemOf(dataDir));
  const targets = template.blanks.map(({ usable }, at) => (usable ? (examples[at] ?? '') : ''));
  const start = alertFromTemplate(template, targets);
  return { ...start, name: freeName(start.name, alerts) };
}

/** How the template's first target may look on this system. */
function exampleOf(id: string, dataDir: string): string | undefined {
  const template = ALERT_TEMPLATES.find((each) => each.id === id);
  return template === undefined ? undefined : exampleTargets(template, systemOf(dataDir))[0];
}

/** With every default of the settings; its one condition is still to be chosen. */
function emptyAlert(): AlertSettings {
  const conditions = [{ metric: 'disk.usedPercent', target: '/', above: 90 }];
  const [alert] = settingsSchema.parse({ version: 1, alerts: [{ name: 'new', conditions }] }).alerts;
  if (alert === undefined) throw new Error('The schema of the settings gave no alert');
  return { ...alert, name: '', conditions: [{ metric: 'disk.usedPercent', target: '', forSeconds: 0 }] };
}
