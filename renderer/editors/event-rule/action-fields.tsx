import { hrefOf } from '../../app/router.ts';
import { StateMark } from '../../components/state-mark.tsx';
import { Select } from '../../components/select.tsx';
import { TagInput } from '../../components/tag-input.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import type { ActionDraft, Method } from '../../model/event-rule-draft.ts';
import { EVENTS } from '../../strings/events.ts';

const METHODS = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly Method[]).map(
  (value) => ({ value, label: value }),
);

export interface ActionFieldsProps {
  readonly action: ActionDraft;
  readonly set: (part: Partial<ActionDraft>) => void;
  /** What is wrong with one of its keys. */
  readonly fault: (key: string) => string | null;
}

/** The fields of an action of this type. */
export function ActionFields({ action, set, fault }: ActionFieldsProps) {
  switch (action.type) {
    case 'notification-profile':
      return <Profile />;
    case 'send-email':
      return (
        <TagInput
          label={EVENTS.recipients}
          values={action.recipients}
          onChange={(recipients) => set({ recipients })}
          placeholder="it@contoso.example"
          fault={
            action.recipients.length === 0 && fault('recipients') !== null
              ? EVENTS.missing.recipients
              : fault('recipients')
          }
        />
      );
    case 'log-to-file':
      return (
        <div className="stretched">
          <TextField
            label={EVENTS.file}
            note={EVENTS.fileNote}
            value={action.file}
            onChange={(file) => set({ file })}
            fault={fault('file')}
          />
        </div>
      );
    case 'external-provider':
      return (
        <div className="stretched">
          <TextField
            label={EVENTS.command}
            note={EVENTS.commandNote}
            value={action.command}
            onChange={(command) => set({ command })}
            fault={fault('command')}
          />
        </div>
      );
    case 'call-web-page':
      return <WebPage action={action} set={set} fault={fault} />;
  }
}

function WebPage({ action, set, fault }: ActionFieldsProps) {
  return (
    <>
      <div className="rule-fields">
        <Select
          label={EVENTS.method}
          value={action.method}
          options={METHODS}
          onChange={(method) => set({ method })}
        />
        <div className="stretched rule-server">
          <TextField
            label={EVENTS.url}
            note={EVENTS.urlNote}
            type="url"
            placeholder="https://hooks.provider.example/tocsin"
            value={action.url}
            onChange={(url) => set({ url })}
            fault={fault('url')}
          />
        </div>
      </div>
      <div className="stretched">
        <TextField
          label={EVENTS.headers}
          note={EVENTS.headersNote}
          multiline
          value={action.headers}
          onChange={(headers) => set({ headers })}
          fault={fault('headers')}
        />
      </div>
      {action.method !== 'GET' && (
        <div className="stretched">
          <TextField
            label={EVENTS.body}
            note={EVENTS.bodyNote}
            multiline
            value={action.body}
            onChange={(body) => set({ body })}
            fault={fault('body')}
          />
        </div>
      )}
      <TagInput
        label={EVENTS.allowedAddresses}
        note={EVENTS.allowedAddressesNote}
        values={action.allowedAddresses}
        onChange={(allowedAddresses) => set({ allowedAddresses })}
        // The rules of the settings say what an address or a range is.
        check={() => null}
        fault={fault('allowedAddresses')}
      />
    </>
  );
}

function Profile() {
  const { view } = useSettings();
  const profile = view?.settings.profile;
  const isEmpty = profile !== undefined && profile.emails.length === 0 && profile.sms.length === 0;
  return (
    <>
      <p className="field-note">
        {EVENTS.profileNote}{' '}
        {profile !== undefined && [...profile.emails, ...profile.sms].slice(0, SHOWN).join(', ')}
      </p>
      {isEmpty && (
        <p className="row">
          <StateMark state="warning" />
          <span>
            {EVENTS.profileEmpty} <a href={hrefOf('email')}>{EVENTS.toProfile}</a>.
          </span>
        </p>
      )}
    </>
  );
}

/** Of the addresses that would be told, so many are named. */
const SHOWN = 4;
