import type { Clock } from '../../shared/model/clock.ts';
import type { AgentClient } from '../client/agent-client.ts';
import { overridesAll } from '../tray/override-all.ts';
import { performAgentCommand } from '../tray/tray-actions.ts';
import { type TrayCommand, trayMenu, type TrayPage } from '../tray/tray-menu.ts';
import { trayState } from '../tray/tray-state.ts';
import { createTray } from './tray.ts';

export interface TrayControllerOptions {
  readonly client: AgentClient;
  readonly clock: Clock;
  readonly iconsDir: string;
  readonly ownsAgent: boolean;
  readonly login: { get(): boolean | null; set(isOn: boolean): void };
  readonly show: (page: TrayPage) => void;
  readonly quit: () => void;
  /** Shows why something could not be done. */
  readonly say: (sentence: string) => void;
}

/** Keeps the tray as the agent is, and does what is chosen in it. */
export function startTray(options: TrayControllerOptions): { destroy(): void } {
  const { client, clock, login } = options;
  let overrides: boolean | null = null;

  const perform = (command: TrayCommand): void => {
    switch (command.do) {
      case 'show':
        options.show(command.page);
        return;
      case 'quit':
        options.quit();
        return;
      case 'start-at-login':
        login.set(command.on);
        draw();
        return;
      default:
        performAgentCommand(command, client.call).then(
          (failure) => {
            if (failure !== null) options.say(failure);
            // A check box draws its own tick, whatever came of it.
            view.redraw();
            draw();
          },
          (error: unknown) => options.say(error instanceof Error ? error.message : String(error)),
        );
    }
  };
  const view = createTray(options.iconsDir, perform);

  const draw = () => {
    const status = client.status();
    const input = {
      status,
      overridesAll: status === null ? null : overrides,
      now: clock.now(),
      ownsAgent: options.ownsAgent,
      startsAtLogin: login.get(),
    };
    view.update(trayState(status), trayMenu(input));
  };

  const lookAtSettings = async () => {
    const view = await client.call('settings.get', {});
    const isEnrolled = client.status()?.relay?.enrolled === true;
    overrides = view.ok ? overridesAll(view.reply.settings, isEnrolled) : null;
    draw();
  };

  let wasEnrolled: boolean | undefined;
  client.onEvent(({ event }) => {
    const isEnrolled = client.status()?.relay?.enrolled === true;
    if (event === 'settings.changed' || isEnrolled !== wasEnrolled) {
      wasEnrolled = isEnrolled;
      void lookAtSettings();
    }
    if (event === 'status.changed') draw();
  });
  client.onConnection(draw);
  draw();
  return { destroy: () => view.destroy() };
}
