import './email.css';
import { useState } from 'react';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { SettingsView } from '../../api/settings-source.ts';
import type { PageProps } from '../../app/pages.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { tellDone } from '../../components/toast.tsx';
import { useUnsavedGuard } from '../../hooks/use-router.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { useStatus } from '../../hooks/use-status.tsx';
import { faultsWithin } from '../../model/fault-text.ts';
import { isSame } from '../../model/settings-change.ts';
import { EMAIL, reachedText } from '../../strings/email.ts';
import { MAIL_TEST } from '../../strings/mail-test.ts';
import { fromOf } from './email-draft.ts';
import { hasStoredPassword, serverLabelOf, serverOf } from './server-draft.ts';
import { MailboxTab } from './mailbox-tab.tsx';
import { ProfileTab } from './profile-tab.tsx';
import { RelayTab } from './relay-tab.tsx';
import { SavedBanners } from './saved-banners.tsx';
import { SmtpTab } from './smtp-tab.tsx';
import { TestDialog, type TestWay } from './test-dialog.tsx';
import { type EmailForm, useEmailForm } from './use-email-form.ts';
import { useSaveCheck } from './use-save-check.ts';

const TABS = ['smtp', 'web-service', 'mailbox', 'profile'] as const;
type TabId = (typeof TABS)[number];

/** What of the settings stands on which tab. */
const PLACES: Readonly<Record<TabId, readonly string[]>> = {
  smtp: ['smtp', 'installation'],
  'web-service': ['relay'],
  mailbox: ['mailbox'],
  profile: ['profile'],
};

/** By which ways mail leaves, in whose name, and who is told about Tocsin itself. */
export function EmailPage({ rest }: PageProps) {
  const { view, failure } = useSettings();
  if (view === null)
    return (
      <>
        <PageHeader title={EMAIL.title} />
        {failure !== null && (
          <Banner state="critical" isUrgent>
            {failure}
          </Banner>
        )}
      </>
    );
  const [wanted] = rest;
  return <EmailEditor key={wanted} view={view} firstTab={TABS.find((tab) => tab === wanted) ?? 'smtp'} />;
}

function EmailEditor({ view, firstTab }: { readonly view: SettingsView; readonly firstTab: TabId }) {
  const form = useEmailForm(view);
  const check = useSaveCheck();
  const [tab, setTab] = useState<TabId>(firstTab);
  const [isTesting, setTesting] = useState(false);
  useUnsavedGuard(form.isDirty);
  const ways = useTestWays(form, view);

  const save = async () => {
    const before = view.settings;
    check.reset();
    const saved = await form.save();
    if (saved === null) return;
    if (isSame(before.smtp, saved.smtp) || saved.smtp.servers.length === 0) {
      tellDone(EMAIL.saved);
      return;
    }
    const reached = await check.run(withoutPasswords(saved.smtp));
    if (reached.length > 0) tellDone(reachedText(reached));
  };
  // Of a field with several faults one is shown.
  const faultsOn = (id: TabId) => new Set(faultsWithin(form.faults, PLACES[id]).map(({ path }) => path)).size;
  const elsewhere = form.faults.filter(
    (fault) => !faultsWithin([fault], Object.values(PLACES).flat()).length,
  );

  return (
    <>
      <PageHeader
        title={EMAIL.title}
        action={
          <>
            {form.isDirty && (
              <Button look="quiet" onPress={form.discard}>
                {EMAIL.discard}
              </Button>
            )}
            <Button onPress={() => setTesting(true)}>{EMAIL.test}</Button>
            <Button
              look="primary"
              onPress={() => void save()}
              isPending={form.isSaving}
              isDisabled={!form.isDirty}
            >
              {EMAIL.save}
            </Button>
          </>
        }
      />
      <SavedBanners form={form} check={check} elsewhere={elsewhere} />
      <Tabs
        label={EMAIL.tabs}
        selected={tab}
        onSelect={(id) => setTab(TABS.find((one) => one === id) ?? 'smtp')}
        items={[
          {
            id: 'smtp',
            title: EMAIL.smtpTab,
            faults: faultsOn('smtp'),
            content: <SmtpTab form={form} view={view} toRelay={() => setTab('web-service')} />,
          },
          {
            id: 'web-service',
            title: EMAIL.relayTab,
            faults: faultsOn('web-service'),
            content: <RelayTab faults={form.faults} />,
          },
          {
            id: 'mailbox',
            title: EMAIL.mailboxTab,
            faults: faultsOn('mailbox'),
            content: <MailboxTab form={form} view={view} />,
          },
          {
            id: 'profile',
            title: EMAIL.profileTab,
            faults: faultsOn('profile'),
            content: <ProfileTab form={form} />,
          },
        ]}
      />
      {isTesting && (
        <TestDialog
          ways={ways}
          firstWay={tab === 'web-service' ? 'relay' : ''}
          firstTo={form.draft.emails[0] ?? ''}
          onClose={() => setTesting(false)}
        />
      )}
    </>
  );
}

/** What can be tested: each server as it stands in the form, and the Web Service once enrolled. */
function useTestWays({ draft, change }: EmailForm, view: SettingsView): readonly TestWay[] {
  const isEnrolled = useStatus()?.relay?.enrolled === true;
  const { timeoutSeconds } = draft;
  const address = draft.fromAddress.trim();
  const from = address === '' ? null : fromOf(draft);
  const servers = draft.servers.map((server): TestWay => {
    const label = serverLabelOf(server);
    const isStored = hasStoredPassword(server, view.settings.smtp.servers, view.secrets.smtp);
    const isUnset = server.login === 'password' && server.password === '' && !isStored;
    return {
      id: server.key,
      label: isUnset ? `${label} (password not set)` : label,
      security: server.security,
      request: {
        via: 'smtp',
        server: serverOf(server),
        from,
        ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
      },
      trust: (certificateSha256) =>
        change({
          servers: draft.servers.map((one) => (one.key === server.key ? { ...one, certificateSha256 } : one)),
        }),
    };
  });
  const practice: TestWay = {
    id: 'practice',
    label: MAIL_TEST.practice,
    security: 'none',
    request: { via: 'smtp' },
  };
  const relay: TestWay = { id: 'relay', label: MAIL_TEST.relay, security: null, request: { via: 'relay' } };
  // Without a server, what is saved is what would be tested: the practice mailbox, unless servers were just taken out.
  const local = draft.servers.length === 0 && view.settings.smtp.servers.length === 0 ? [practice] : servers;
  return isEnrolled ? [...local, relay] : local;
}

function withoutPasswords(smtp: Settings['smtp']): Settings['smtp'] {
  const servers = smtp.servers.map((server) => {
    switch (server.auth.method) {
      case 'none':
        return server;
      case 'password': {
        const { password: _password, ...auth } = server.auth;
        return { ...server, auth };
      }
      case 'oauth2': {
        const { clientSecret: _secret, ...auth } = server.auth;
        return { ...server, auth };
      }
    }
  });
  return { ...smtp, servers };
}
