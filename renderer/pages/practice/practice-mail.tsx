import { mailFramePath } from '../../../shared/contract/ipc/mail-frames.ts';
import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { MailFrame } from '../../components/mail-frame.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { exactShortTime } from '../../components/time-ago.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { PRACTICE } from '../../strings/practice.ts';

/** One mail: as it looks, its text alternative, and its headers as they came. */
export function PracticeMail({ id }: { readonly id: string }) {
  const loaded = useLoaded('practice.get', { id });
  const mail = loaded.value;
  return (
    <>
      <PageHeader
        title={mail?.subject ?? PRACTICE.title}
        action={<a href={hrefOf('practice')}>{PRACTICE.back}</a>}
      />
      {loaded.state === 'failed' && (
        <Banner state="critical" isUrgent>
          {loaded.sentence}
        </Banner>
      )}
      {loaded.state === 'there' && mail === null && <Banner state="unknown">{PRACTICE.gone}</Banner>}
      {mail !== null && (
        <>
          <KeyValue
            rows={[
              { key: PRACTICE.from, value: mail.from },
              { key: PRACTICE.to, value: mail.to.join(', ') },
              { key: PRACTICE.received, value: exactShortTime(mail.at) },
            ]}
          />
          <div className="practice-body">
            <Tabs
              label={PRACTICE.views}
              items={[
                {
                  id: 'mail',
                  title: PRACTICE.mail,
                  content:
                    mail.html === null ? (
                      <Banner state="unknown">{PRACTICE.noHtml}</Banner>
                    ) : (
                      <MailFrame src={mailFramePath('practice', id)} title={mail.subject} />
                    ),
                },
                {
                  id: 'text',
                  title: PRACTICE.text,
                  content: <Verbatim label={PRACTICE.text} text={mail.text} />,
                },
                {
                  id: 'headers',
                  title: PRACTICE.headers,
                  content: <Verbatim label={PRACTICE.headers} text={mail.headers} />,
                },
              ]}
            />
          </div>
        </>
      )}
    </>
  );
}

/** Text as it came. It takes the focus, so that it can be scrolled by keyboard. */
function Verbatim({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <pre className="practice-text" tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}
