import type { CallOutcome } from '../../shared/contract/desktop-bridge.ts';
import type { MethodName, RequestOf } from '../../shared/contract/ipc.ts';
import { withOverride } from './override-all.ts';
import type { TrayCommand } from './tray-menu.ts';

/** What the agent is asked for; windows and the end of the app are not its business. */
export type AgentCommand = Exclude<TrayCommand, { do: 'show' } | { do: 'quit' } | { do: 'start-at-login' }>;

type Call = <Name extends MethodName>(name: Name, request: RequestOf<Name>) => Promise<CallOutcome<Name>>;

/** Two that save at once are told; the second tries again with what the first has left. */
const SAVE_TRIES = 3;

/** Does what was chosen in the tray's menu. Gives the sentence to show where it could not be done; null where it was. */
export async function performAgentCommand(command: AgentCommand, call: Call): Promise<string | null> {
  switch (command.do) {
    case 'acknowledge':
      return alertSentence(command.alert, await call('alerts.acknowledge', { name: command.alert }));
    case 'snooze': {
      const { alert: name, minutes } = command;
      return alertSentence(name, await call('alerts.snooze', { name, minutes }));
    }
    case 'pause':
      return failureOf(await call('monitoring.pause', { minutes: command.minutes }));
    case 'resume':
      return failureOf(await call('monitoring.resume', {}));
    case 'send-report': {
      const outcome = await call('reports.send', { name: command.name });
      if (outcome.ok && !outcome.reply.found) return `There is no report “${command.name}” any more.`;
      return failureOf(outcome);
    }
    case 'override-all':
      return overrideAll(command.on, call);
  }
}

async function overrideAll(on: boolean, call: Call): Promise<string | null> {
  for (let tries = 0; tries < SAVE_TRIES; tries += 1) {
    const view = await call('settings.get', {});
    if (!view.ok) return view.message;
    const { revision, settings } = view.reply;
    const saved = await call('settings.save', { revision, settings: withOverride(settings, on) });
    if (!saved.ok) return saved.message;
    if (saved.reply.outcome === 'saved') return null;
    if (saved.reply.outcome === 'invalid') {
      const [fault] = saved.reply.faults;
      return `The settings were not changed: ${fault?.path ?? ''} ${fault?.message ?? ''}.`;
    }
  }
  return 'The settings were not changed: somebody else is changing them. Choose it again.';
}

function alertSentence(
  name: string,
  outcome: CallOutcome<'alerts.acknowledge' | 'alerts.snooze'>,
): string | null {
  if (!outcome.ok) return outcome.message;
  switch (outcome.reply.outcome) {
    case 'done':
      return null;
    case 'not-found':
      return `There is no alert “${name}” any more.`;
    case 'not-firing':
      return `“${name}” is over already.`;
  }
}

function failureOf(outcome: CallOutcome<MethodName>): string | null {
  return outcome.ok ? null : outcome.message;
}
