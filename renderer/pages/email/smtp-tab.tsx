import { useRef } from 'react';
import type { SettingsView } from '../../api/settings-source.ts';
import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { RadioGroup } from '../../components/choices.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { tellDone } from '../../components/toast.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { faultAt, sentenceOf } from '../../model/fault-text.ts';
import { EMAIL, fromDiffers, removedText, serverTitle, SMTP } from '../../strings/email.ts';
import { hasStoredPassword, newServer, type ServerDraft, serverLabelOf } from './server-draft.ts';
import { FallbackCard } from './fallback-card.tsx';
import { PLAIN_NUMBER, ServerFields } from './server-fields.tsx';
import type { EmailForm } from './use-email-form.ts';

/** As many as the settings take. */
const SERVERS_MAX = 10;

export interface TabProps {
  readonly form: EmailForm;
  readonly view: SettingsView;
}

export interface SmtpTabProps extends TabProps {
  /** Shows the tab of the Web Service. */
  readonly toRelay: () => void;
}

/** The installation's own way out: servers in order, sender, format, and what stands in for them. */
export function SmtpTab({ form, view, toRelay }: SmtpTabProps) {
  const { draft, change } = form;
  const presets = useLoaded('mail.presets', {}).value ?? [];
  const added = useRef(0);
  const add = () => {
    added.current += 1;
    change({ servers: [...draft.servers, newServer(`new ${added.current}`)] });
  };
  return (
    <div className="groups">
      {draft.servers.length === 0 && (
        <Card title={SMTP.first}>
          <EmptyState
            title={SMTP.emptyTitle}
            action={
              <div className="row">
                <Button look="primary" onPress={add}>
                  {SMTP.addFirst}
                </Button>
                <a href={hrefOf('welcome')}>{EMAIL.setUp}</a>
                <a href={hrefOf('practice')}>{SMTP.toPractice}</a>
              </div>
            }
          >
            {SMTP.empty}
          </EmptyState>
        </Card>
      )}
      {draft.servers.map((server, index) => (
        <Card
          key={server.key}
          title={serverTitle(index, draft.servers.length)}
          aside={<ServerActions form={form} index={index} />}
        >
          <ServerFields
            server={server}
            onChange={(next) => change({ servers: draft.servers.with(index, next) })}
            presets={presets}
            isStored={hasStoredPassword(server, view.settings.smtp.servers, view.secrets.smtp)}
            path={`smtp.servers[${index}]`}
            faults={form.faults}
            warnings={form.warnings}
          />
        </Card>
      ))}
      {draft.servers.length > 0 && draft.servers.length < SERVERS_MAX && (
        <div>
          <Button onPress={add}>{SMTP.addBackup}</Button>
        </div>
      )}
      <Sender form={form} />
      <FallbackCard form={form} view={view} toRelay={toRelay} />
      <Installation form={form} />
    </div>
  );
}

function ServerActions({ form, index }: { readonly form: EmailForm; readonly index: number }) {
  const { draft, change } = form;
  const { servers } = draft;
  const server = servers[index];
  if (server === undefined) return null;
  const label = serverLabelOf(server);
  const moveTo = (place: number) =>
    change({ servers: servers.toSpliced(index, 1).toSpliced(place, 0, server) });
  const remove = () => {
    change({ servers: servers.toSpliced(index, 1) });
    tellDone(removedText(label), () => change({ servers }));
  };
  return (
    <>
      {servers.length > 1 && (
        <>
          <IconButton
            icon="up"
            label={`Try ${label} earlier`}
            isDisabled={index === 0}
            onPress={() => moveTo(index - 1)}
          />
          <IconButton
            icon="down"
            label={`Try ${label} later`}
            isDisabled={index === servers.length - 1}
            onPress={() => moveTo(index + 1)}
          />
        </>
      )}
      <Button look="quiet" onPress={remove} aria-label={`Remove ${label}`}>
        Remove
      </Button>
    </>
  );
}

function Sender({ form }: { readonly form: EmailForm }) {
  const { draft, change, faults, warnings } = form;
  const login = draft.servers.find((server) => isOtherAddress(server, draft.fromAddress))?.user.trim();
  const unset = warnings.find(({ path }) => path === 'smtp.from');
  return (
    <Card title={SMTP.sender}>
      <div className="fields">
        <TextField
          label={SMTP.fromName}
          value={draft.fromName}
          onChange={(fromName) => change({ fromName })}
          placeholder={SMTP.fromNameExample}
          fault={faultAt(faults, 'smtp.from.name')}
        />
        <TextField
          label={SMTP.fromAddress}
          type="email"
          value={draft.fromAddress}
          onChange={(fromAddress) => change({ fromAddress })}
          placeholder={SMTP.fromAddressExample}
          note={login === undefined ? SMTP.fromNote : fromDiffers(login)}
          fault={faultAt(faults, 'smtp.from.address')}
        />
      </div>
      {unset !== undefined && draft.fromAddress.trim() === '' && (
        <Banner state="warning">
          {SMTP.fromAddress} {sentenceOf(unset.message).replace(/^Is/, 'is')}
        </Banner>
      )}
      <RadioGroup
        label={SMTP.format}
        orientation="horizontal"
        value={draft.alertFormat}
        onChange={(alertFormat) => change({ alertFormat })}
        options={SMTP.formats}
        note={SMTP.formatNote}
      />
      <NumberField
        label={SMTP.timeout}
        value={draft.timeoutSeconds}
        onChange={(timeoutSeconds) => change({ timeoutSeconds })}
        minValue={1}
        maxValue={120}
        unit="s"
        note={SMTP.timeoutNote}
        formatOptions={PLAIN_NUMBER}
        fault={faultAt(faults, 'smtp.timeoutSeconds')}
      />
    </Card>
  );
}

/** Whether a server logs in by an address, and it is not the one that mail is to come from (K5). */
function isOtherAddress({ login, user }: ServerDraft, fromAddress: string): boolean {
  const from = fromAddress.trim().toLowerCase();
  return login !== 'none' && from !== '' && /.@./.test(user) && user.trim().toLowerCase() !== from;
}

function Installation({ form }: { readonly form: EmailForm }) {
  const { draft, change, faults } = form;
  return (
    <Card title={SMTP.installation} aside={<a href={hrefOf('welcome')}>{EMAIL.setUp}</a>}>
      <div className="fields">
        <TextField
          label={SMTP.name}
          value={draft.name}
          onChange={(name) => change({ name })}
          note={SMTP.nameNote}
          fault={faultAt(faults, 'installation.name')}
        />
        <TextField
          label={SMTP.organisation}
          value={draft.organisation}
          onChange={(organisation) => change({ organisation })}
          fault={faultAt(faults, 'installation.organisation')}
        />
      </div>
    </Card>
  );
}
