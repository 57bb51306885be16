import { useState } from 'react';
import { mailFramePath } from '../../../shared/contract/ipc/mail-frames.ts';
import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import { Banner } from '../../components/banner.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { MailFrame } from '../../components/mail-frame.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { EDITOR, smsLengthText } from '../../strings/editor.ts';

type MailPreview = Extract<ReplyOf<'reports.preview'>, { readonly mail: unknown }>['mail'];

/** Which form of a mail is looked at. */
export type PreviewKind = 'mail' | 'text' | 'sms';

export interface PreviewDialogProps {
  readonly kind: PreviewKind;
  /** Null while it is being written. */
  readonly mail: MailPreview | null;
  /** Left out where there is never one; null where there would be one and no address is set. */
  readonly sms?: string | null;
  /** Why there is nothing to show. */
  readonly failure: string | null;
  readonly onClose: () => void;
}

/** A mail as it would be sent now: as mail programs show it, as text, and as text message. */
export function PreviewDialog({ kind, mail, sms, failure, onClose }: PreviewDialogProps) {
  const [selected, setSelected] = useState<string>(kind);
  return (
    <Dialog title={mail?.subject ?? EDITOR.preview.replace(':', '')} isOpen onClose={onClose} size="editor">
      {failure !== null && (
        <Banner state="critical" isUrgent>
          {failure}
        </Banner>
      )}
      {mail === null && failure === null && <p className="muted">{EDITOR.previewWait}</p>}
      {mail !== null && (
        <div className="preview">
          <KeyValue
            rows={[
              { key: EDITOR.subject, value: mail.subject },
              { key: EDITOR.from, value: mail.from },
            ]}
          />
          <Tabs
            label={EDITOR.preview.replace(':', '')}
            selected={selected}
            onSelect={setSelected}
            items={[
              { id: 'mail', title: EDITOR.previewMail, content: <Mail mail={mail} /> },
              {
                id: 'text',
                title: EDITOR.previewText,
                content: <pre className="preview-text">{mail.text}</pre>,
              },
              ...(sms === undefined
                ? []
                : [{ id: 'sms', title: EDITOR.previewSms, content: <Sms text={sms} /> }]),
            ]}
          />
        </div>
      )}
    </Dialog>
  );
}

function Mail({ mail }: { readonly mail: MailPreview }) {
  if (mail.format === 'text') return <p className="muted">{EDITOR.noHtml}</p>;
  return (
    <div className="preview-mail">
      <MailFrame src={mailFramePath('preview', mail.id)} title={mail.subject} />
    </div>
  );
}

function Sms({ text }: { readonly text: string | null }) {
  if (text === null) return <p className="muted">{EDITOR.noSms}</p>;
  return (
    <div className="stack">
      <pre className="preview-text">{text}</pre>
      <p className="muted">{smsLengthText(text.length)}</p>
    </div>
  );
}
