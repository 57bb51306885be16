import { useId } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Select } from '../../components/select.tsx';
import { type EntryFaults, faultAt, faultWithin } from '../../model/entry-faults.ts';
import { type ActionDraft, type ActionType, emptyAction } from '../../model/event-rule-draft.ts';
import { ACTION_TITLES, actionNumberText, EVENTS } from '../../strings/events.ts';
import { ActionFields } from './action-fields.tsx';
import type { RuleTabProps } from './event-rule-editor.tsx';

/** As many as a rule may have. */
const ACTIONS_MAX = 20;
const WEEK_MINUTES = 10_080;

const TYPES = Object.entries(ACTION_TITLES).map(([value, label]) => ({ value: value as ActionType, label }));

/** What is done when the event occurs, in this order. */
export function ActionsTab({ draft, change, faults }: RuleTabProps) {
  const { actions } = draft;
  const set = (changed: ActionDraft) =>
    change({ actions: actions.map((action) => (action.key === changed.key ? changed : action)) });
  const nextKey = Math.max(-1, ...actions.map(({ key }) => key)) + 1;
  const isNone = actions.length === 0;
  return (
    <div className="groups">
      {isNone && (
        <p className={faultAt(faults, 'actions') === null ? 'muted' : 'field-fault'}>{EVENTS.noActions}</p>
      )}
      {actions.map((action, position) => (
        <Action
          key={action.key}
          action={action}
          position={position}
          faults={faults}
          onChange={set}
          onRemove={() => change({ actions: actions.filter(({ key }) => key !== action.key) })}
        />
      ))}
      {actions.length < ACTIONS_MAX && (
        <div>
          <Button
            onPress={() => change({ actions: [...actions, emptyAction(nextKey, 'notification-profile')] })}
          >
            <Icon name="plus" />
            {EVENTS.addAction}
          </Button>
        </div>
      )}
    </div>
  );
}

interface ActionProps {
  readonly action: ActionDraft;
  readonly position: number;
  readonly faults: EntryFaults;
  readonly onChange: (action: ActionDraft) => void;
  readonly onRemove: () => void;
}

function Action({ action, position, faults, onChange, onRemove }: ActionProps) {
  const id = useId();
  const title = actionNumberText(position + 1);
  const path = `actions[${position}]`;
  const set = (part: Partial<ActionDraft>) => onChange({ ...action, ...part });
  return (
    <section className="rule-action" aria-labelledby={id}>
      <header className="rule-action-head">
        <h3 id={id}>{title}</h3>
        <Select
          label={title}
          isLabelHidden
          value={action.type}
          options={TYPES}
          onChange={(type) => set({ type })}
        />
        <span className="push">
          <IconButton icon="close" label={`${EVENTS.removeAction} ${position + 1}`} onPress={onRemove} />
        </span>
      </header>
      <ActionFields action={action} set={set} fault={(key) => faultWithin(faults, `${path}.${key}`)} />
      {action.type === 'call-web-page' ? (
        <p className="field-note">{EVENTS.everyTime}</p>
      ) : (
        <NumberField
          label={EVENTS.maxFrequency}
          unit="min"
          value={action.maxFrequencyMinutes}
          onChange={(maxFrequencyMinutes) => set({ maxFrequencyMinutes })}
          minValue={1}
          maxValue={WEEK_MINUTES}
          note={EVENTS.maxFrequencyNote}
          fault={faultAt(faults, `${path}.maxFrequencyMinutes`)}
        />
      )}
    </section>
  );
}
