import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { AlertSettings, Settings } from '../../../shared/contract/settings.ts';
import { formatRule, formatValue } from '../../../shared/format.ts';
import type { TargetKind } from '../../../shared/model/metrics.ts';
import { ALERT_TEMPLATES, type AlertTemplate } from '../../../shared/templates.ts';
import { Checkbox } from '../../components/choices.tsx';
import { ComboBox } from '../../components/select.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useDebounced } from '../../hooks/use-debounced.ts';
import { faultAt } from '../../model/fault-text.ts';
import { WELCOME } from '../../strings/welcome.ts';
import type { StepProps } from './server-step.tsx';
import { blankKind, draftAlert, isAboutMounts, isThere } from './welcome-draft.ts';

interface WatchStepProps extends StepProps {
  readonly settings: Settings;
  readonly names: ReplyOf<'inventory.get'>;
}

/** Step 3: ready alerts, with what is measured now beside them. */
export function WatchStep(props: WatchStepProps) {
  return (
    <>
      <p className="muted">{WELCOME.watchWhy}</p>
      <ul className="templates">
        {ALERT_TEMPLATES.map((template) => (
          <Template key={template.id} template={template} {...props} />
        ))}
      </ul>
    </>
  );
}

function Template({
  template,
  draft,
  change,
  settings,
  names,
  faults,
}: WatchStepProps & { readonly template: AlertTemplate }) {
  const { id, title, purpose } = template;
  const isChosen = draft.chosen.includes(id);
  const isTaken = isThere(template, settings.alerts);
  const alert = draftAlert(template, draft);
  const fault = faultAt(faults, `templates.${id}`);
  return (
    <li className="template">
      <Checkbox
        label={title}
        note={isTaken ? WELCOME.alreadyThere : `${purpose} ${ruleText(template)}`}
        isSelected={isChosen}
        isDisabled={isTaken}
        onChange={(selected) =>
          change({
            chosen: selected ? [...draft.chosen, id] : draft.chosen.filter((one) => one !== id),
          })
        }
        fault={fault}
      />
      <div className="template-now muted small">
        {alert !== null && (isChosen || template.blanks.length === 0) && <Now alert={alert} />}
      </div>
      {isChosen && isAboutMounts(template) && names.mounts.length > 1 && (
        <div className="template-mounts fields-inset" role="group" aria-label={WELCOME.mounts}>
          {names.mounts.map((mount) => (
            <Checkbox
              key={mount}
              label={mount}
              isSelected={draft.mounts.includes(mount)}
              onChange={(selected) =>
                change({
                  mounts: names.mounts.filter((one) =>
                    one === mount ? selected : draft.mounts.includes(one),
                  ),
                })
              }
            />
          ))}
        </div>
      )}
      {isChosen &&
        !isAboutMounts(template) &&
        template.blanks.map((blank, at) => (
          <div key={blank.label} className="template-blank fields-inset">
            <ComboBox
              label={blank.label}
              value={draft.targets[id]?.[at] ?? ''}
              onChange={(target) => {
                const before = draft.targets[id] ?? template.blanks.map(() => '');
                change({ targets: { ...draft.targets, [id]: before.with(at, target) } });
              }}
              options={namesOf(blankKind(template, at), names).map((name) => ({
                value: name,
                label: name,
              }))}
              placeholder={
                names.mounts.some((mount) => mount.startsWith('/'))
                  ? blank.examples.linux
                  : blank.examples.win32
              }
            />
          </div>
        ))}
    </li>
  );
}

/** The limit, where there is one: what several say together stands in the purpose. */
function ruleText({ alert }: AlertTemplate): string {
  const [condition, ...others] = alert.conditions;
  if (condition === undefined || others.length > 0) return '';
  return `Fires when ${formatRule({ ...condition, forSeconds: condition.forSeconds ?? 0 })}.`;
}

function namesOf(kind: TargetKind | null, names: ReplyOf<'inventory.get'>): readonly string[] {
  switch (kind) {
    case 'mount':
      return names.mounts;
    case 'interface':
      return names.interfaces;
    case 'process':
      return names.processes;
    case 'service':
      return names.services;
    case 'host:port':
    case 'url':
    case 'name':
    case 'path':
    case null:
      return [];
  }
}

/** What the alert would find at this moment. */
function Now({ alert }: { readonly alert: AlertSettings }) {
  const asked = useDebounced(JSON.stringify(alert));
  const { value } = useLoaded('alerts.preview', { alert: JSON.parse(asked) as unknown });
  if (value === null) return <>{WELCOME.measuring}</>;
  if (!('conditions' in value)) return null;
  return (
    <>
      now{' '}
      {value.conditions
        .map(({ metric, target, reading }) => {
          const place = value.conditions.length > 1 && target !== null ? `${target} ` : '';
          return `${place}${reading.value === null ? `unknown: ${reading.unknown}` : formatValue(metric, reading.value)}`;
        })
        .join(', ')}
    </>
  );
}
