import './events.css';
import type { SmtpEventRule } from '../../../shared/contract/settings.ts';
import type { PageProps } from '../../app/pages.ts';
import { EventRuleEditor } from '../../editors/event-rule/event-rule-editor.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { freeName, openedEntry } from '../../model/opened-entry.ts';
import { EVENTS } from '../../strings/events.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { EntriesPage } from '../entries/entries-page.tsx';
import { OpenedEditor } from '../entries/opened-editor.tsx';
import { EventList } from './event-list.tsx';
import { RuleList } from './rule-list.tsx';

/** What is done when mail itself gets into trouble, and what has happened. */
export function EventsPage({ rest }: PageProps) {
  const router = useRouter();
  const close = () => router.navigate('events');
  return (
    <EntriesPage
      title={NAVIGATION.events}
      words={EVENTS}
      intro={EVENTS.forAdministrators}
      onCreate={() => router.navigate('events', 'new', 'rule')}
      list="smtpEvents"
    >
      {({ smtpEvents }) => (
        <>
          {smtpEvents.length > 0 && <RuleList rules={smtpEvents} />}
          <EventList />
          <OpenedEditor
            rest={rest}
            opened={openedEntry(rest, smtpEvents, () => newRule(smtpEvents))}
            onClose={close}
          >
            {(opened, key) => <EventRuleEditor key={key} {...opened} onClose={close} />}
          </OpenedEditor>
        </>
      )}
    </EntriesPage>
  );
}

/** Begins with what most people come for: to be told when a mail is given up. */
function newRule(rules: readonly SmtpEventRule[]): SmtpEventRule {
  return {
    name: freeName(EVENTS.newName, rules),
    enabled: true,
    event: 'final-delivery-failed',
    conditions: {
      timeOfDay: null,
      daysOfWeek: null,
      server: null,
      port: null,
      emailAddress: null,
      ssl: null,
      requiresAuthentication: null,
      customerEmail: null,
    },
    actions: [{ type: 'notification-profile', maxFrequencyMinutes: 60 }],
  };
}
