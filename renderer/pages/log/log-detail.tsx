import { useState } from 'react';
import type { DeliveryRecord } from '../../../shared/model/delivery.ts';
import { mailFramePath } from '../../../shared/contract/ipc/mail-frames.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { RadioGroup } from '../../components/choices.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { MailFrame } from '../../components/mail-frame.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { READER_ZONE } from '../../components/time-ago.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useEvent } from '../../hooks/use-event.ts';
import { detailsText } from '../../model/delivery-details.ts';
import { recipientsToResend } from '../../model/delivery-state.ts';
import { LOG, NOTHING_TO_RESEND } from '../../strings/log.ts';
import { ResendDialog } from './resend-dialog.tsx';
import { WhatHappened } from './what-happened.tsx';

export interface LogDetailProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One message with everything that happened to it, kept up while it is tried. */
export function LogDetail({ id, onClose }: LogDetailProps) {
  const [changes, setChanges] = useState(0);
  useEvent('log.changed', () => setChanges((count) => count + 1));
  const loaded = useLoaded('log.get', { id }, changes);
  const [isResending, setIsResending] = useState(false);
  const record = loaded.value;
  return (
    <Dialog
      title={record?.message.subject ?? LOG.title}
      isOpen
      onClose={onClose}
      size="editor"
      banner={
        loaded.state === 'failed' && (
          <Banner state="critical" isUrgent>
            {loaded.sentence}
          </Banner>
        )
      }
      footer={
        <>
          {record !== null && (
            <>
              <span className="at-start">
                <CopyButton text={detailsText(record, READER_ZONE)} label={LOG.copy} done={LOG.copied} />
              </span>
              {recipientsToResend(record.recipients).length === 0 ? (
                <span className="muted small log-nobody">{NOTHING_TO_RESEND}</span>
              ) : (
                <Button onPress={() => setIsResending(true)}>{LOG.resend}</Button>
              )}
            </>
          )}
          <Button look="primary" onPress={onClose}>
            {LOG.close}
          </Button>
        </>
      }
    >
      {record === null && loaded.state === 'there' && (
        <EmptyState title={LOG.gone} action={<Button onPress={onClose}>{LOG.back}</Button>}>
          {LOG.goneWhy}
        </EmptyState>
      )}
      {record !== null && (
        <Tabs
          label={LOG.title}
          items={[
            { id: 'what', title: LOG.what, content: <WhatHappened record={record} /> },
            { id: 'mail', title: LOG.mail, content: <TheMail record={record} /> },
          ]}
        />
      )}
      {record !== null && isResending && (
        <ResendDialog id={id} recipients={record.recipients} onClose={() => setIsResending(false)} />
      )}
    </Dialog>
  );
}

/** The mail as its reader sees it. */
function TheMail({ record: { message } }: { readonly record: DeliveryRecord }) {
  const [view, setView] = useState<'html' | 'text'>('html');
  const isText = message.html === null || view === 'text';
  return (
    <div className="log-mail">
      {message.html === null ? (
        <p className="muted">{LOG.plainOnly}</p>
      ) : (
        <RadioGroup
          label={LOG.view}
          orientation="horizontal"
          value={view}
          onChange={setView}
          options={[
            { value: 'html', label: LOG.html },
            { value: 'text', label: LOG.text },
          ]}
        />
      )}
      {isText ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        <pre className="log-text" tabIndex={0} role="region" aria-label={message.subject}>
          {message.text}
        </pre>
      ) : (
        <MailFrame src={mailFramePath('log', message.id)} title={message.subject} />
      )}
    </div>
  );
}
