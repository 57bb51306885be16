import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { Banner } from '../../components/banner.tsx';
import { EMAIL, notReachedText } from '../../strings/email.ts';
import { MAIL_TEST } from '../../strings/mail-test.ts';
import type { EmailForm } from './use-email-form.ts';
import type { SaveCheck } from './use-save-check.ts';

/** What came of saving, above the tabs: what was not saved and why, and which server does not let this computer in (K8). */
export function SavedBanners({
  form,
  check,
  elsewhere,
}: {
  readonly form: EmailForm;
  readonly check: SaveCheck;
  /** Faults at places that are on none of the tabs. */
  readonly elsewhere: readonly SettingsFault[];
}) {
  return (
    <>
      {form.failure !== null && (
        <Banner state="critical" isUrgent>
          {form.failure}
        </Banner>
      )}
      {form.faults.length > 0 && (
        <Banner state="critical" isUrgent>
          {EMAIL.faults}
          {elsewhere.map(({ path, message }) => (
            <p key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </p>
          ))}
        </Banner>
      )}
      {check.isRunning && <Banner state="unknown">{EMAIL.checking}</Banner>}
      {check.notReached.map(({ label, sentence, failure }) => (
        <Banner key={label} state="warning" isUrgent>
          <strong>{notReachedText(label)}</strong> {sentence}
          {failure !== null && failure.cause !== null && <p>{failure.cause}</p>}
          {failure !== null && failure.mend !== null && (
            <p>
              {MAIL_TEST.mend} {failure.mend}
            </p>
          )}
          {failure !== null && failure.reply !== null && (
            <p>
              <span className="muted">{MAIL_TEST.serverSaid}</span> <code>{failure.reply}</code>
            </p>
          )}
        </Banner>
      ))}
    </>
  );
}
