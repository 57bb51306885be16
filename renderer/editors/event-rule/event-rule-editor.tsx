import './event-rule.css';
import { useState } from 'react';
import type { SmtpEventRule } from '../../../shared/contract/settings.ts';
import { SMTP_EVENT_TITLES, SMTP_EVENT_TYPES } from '../../../shared/model/smtp-event.ts';
import { Button } from '../../components/button.tsx';
import { RadioGroup } from '../../components/choices.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import type { EntryFaults } from '../../model/entry-faults.ts';
import { type EventRuleDraft, eventRuleDraft, eventRuleOf } from '../../model/event-rule-draft.ts';
import { EDITOR } from '../../strings/editor.ts';
import { EVENT_NOTES, EVENTS } from '../../strings/events.ts';
import { EntryDialog } from '../entry/entry-dialog.tsx';
import { NameFields } from '../entry/name-fields.tsx';
import { useEntryEditor } from '../entry/use-entry-editor.ts';
import { ActionsTab } from './actions-tab.tsx';
import { ConditionsTab } from './conditions-tab.tsx';
import { TryRuleDialog } from './try-rule-dialog.tsx';

export interface EventRuleEditorProps {
  /** As it stands in the settings; null for a new one. */
  readonly before: SmtpEventRule | null;
  readonly start: SmtpEventRule;
  readonly onClose: () => void;
}

/** What each tab of the editor is given. */
export interface RuleTabProps {
  readonly draft: EventRuleDraft;
  readonly change: (part: Partial<EventRuleDraft>) => void;
  readonly faults: EntryFaults;
}

/** The window of a rule: the event, further conditions, and what is done. */
export function EventRuleEditor({ before, start, onClose }: EventRuleEditorProps) {
  const editor = useEntryEditor<'smtpEvents', EventRuleDraft>({
    list: 'smtpEvents',
    before,
    draft: eventRuleDraft(start),
    toEntry: eventRuleOf,
    onClose,
  });
  const [tried, setTried] = useState<SmtpEventRule | null>(null);
  return (
    <>
      <EntryDialog
        title={before === null ? EVENTS.newTitle : before.name}
        editor={editor}
        aside={
          <Button
            onPress={() => {
              if (editor.check().length === 0) setTried(eventRuleOf(editor.draft));
            }}
          >
            {EVENTS.tryButton}
          </Button>
        }
        tabs={[
          {
            id: 'general',
            title: EDITOR.general,
            paths: ['name', 'enabled', 'event'],
            content: <GeneralTab {...editor} />,
          },
          {
            id: 'conditions',
            title: EVENTS.conditions,
            paths: ['conditions'],
            content: <ConditionsTab {...editor} />,
          },
          { id: 'actions', title: EVENTS.actions, paths: ['actions'], content: <ActionsTab {...editor} /> },
        ]}
      />
      {tried !== null && <TryRuleDialog rule={tried} onClose={() => setTried(null)} />}
    </>
  );
}

function GeneralTab({ draft, change, faults }: RuleTabProps) {
  const { view } = useSettings();
  const hasMailbox = view !== null && view.settings.mailbox !== null;
  return (
    <div className="groups entry-fields">
      <NameFields draft={draft} change={change} faults={faults} enabledNote={EVENTS.enabledNote} />
      <RadioGroup
        label={EVENTS.event}
        value={draft.event}
        onChange={(event) => change({ event })}
        options={SMTP_EVENT_TYPES.map((value) => {
          const isOut = value === 'pop-login-failed' && !hasMailbox;
          return {
            value,
            label: SMTP_EVENT_TITLES[value],
            note: isOut ? `${EVENT_NOTES[value]} ${EVENTS.noMailbox}` : EVENT_NOTES[value],
            isDisabled: isOut,
          };
        })}
      />
    </div>
  );
}
