import type { Handlers } from '../../../shared/contract/ipc.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import type { HandlerParts } from './parts.ts';

type SettingsHandlers = Pick<
  Handlers,
  'settings.get' | 'settings.export' | 'settings.import' | 'settings.save' | 'settings.check'
>;

export function settingsHandlers(parts: HandlerParts): SettingsHandlers {
  const { settings } = parts;
  return {
    'settings.get'() {
      const current = settings.current();
      return {
        revision: settings.revision(),
        settings: current,
        secrets: {
          smtp: current.smtp.servers.map((server) => settings.smtpPassword(server) !== null),
          mailbox: current.mailbox !== null && settings.mailboxPassword(current.mailbox) !== null,
        },
        warnings: settings.check(current).warnings,
      };
    },
    'settings.export': () => settings.current(),
    async 'settings.import'({ text, baseDir }) {
      const outcome = settings.import(text, baseDir);
      if (!outcome.ok) {
        parts.onRefused(refusedText(outcome.faults));
        return outcome;
      }
      await parts.onSettingsChanged();
      return { ok: true, warnings: outcome.warnings };
    },
    async 'settings.save'({ revision, settings: document }) {
      // Compared and taken in within one turn: of two that save at once, one is told.
      if (revision !== settings.revision()) return { outcome: 'conflict', revision: settings.revision() };
      const outcome = settings.import(JSON.stringify(document) ?? 'null', parts.dataDir.path);
      if (!outcome.ok) {
        parts.onRefused(refusedText(outcome.faults));
        return { outcome: 'invalid', faults: outcome.faults };
      }
      await parts.onSettingsChanged();
      return { outcome: 'saved', revision: settings.revision(), warnings: outcome.warnings };
    },
    'settings.check': ({ settings: document }) => settings.check(document),
  };
}

/** So many places are named in the log; the caller hears of all of them. */
const NAMED_MAX = 5;

function refusedText(faults: readonly SettingsFault[]): string {
  const places = faults.slice(0, NAMED_MAX).map(({ path, message }) => path || `the file ${message}`);
  const more = faults.length > NAMED_MAX ? ', …' : '';
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return `settings were refused for ${count} (${places.join(', ')}${more}); the old ones stand`;
}
