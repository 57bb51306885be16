import { app, dialog } from 'electron';

export interface EndOptions {
  /** Whether this process watches; otherwise a service does, and goes on. */
  readonly ownsAgent: boolean;
  /** Stops everything, within a bound. */
  readonly stop: () => Promise<void>;
}

/** How the app ends: `ask` from the tray, `end` at once, once. */
export interface End {
  ask(): void;
  end(): void;
}

/**
 * Whoever quits is told what stops with it. Whatever else ends the app (the system, an update) is not asked, and the agent
 * still gets its moment.
 */
export function createEnd({ ownsAgent, stop }: EndOptions): End {
  let ending: Promise<void> | null = null;
  const end = () => {
    ending ??= stop().finally(() => app.exit(0));
  };
  // `app.exit` still tells `quit`, on which an update installs itself.
  app.on('will-quit', (event) => {
    if (!ownsAgent) return;
    event.preventDefault();
    end();
  });
  app.on('window-all-closed', () => {
    // The tray goes on without a window.
  });
  return {
    end,
    ask() {
      if (!ownsAgent) {
        end();
        return;
      }
      dialog
        .showMessageBox({
          type: 'warning',
          title: 'Quit Tocsin',
          message: 'Quit Tocsin? Nothing is watched then.',
          detail:
            'While Tocsin does not run, no alert fires and no report is sent. Mail that waits is kept, and leaves when Tocsin runs again.',
          buttons: ['Quit', 'Go on watching'],
          defaultId: 1,
          cancelId: 1,
          noLink: true,
        })
        .then(({ response }) => {
          if (response === 0) end();
        })
        // Where no question can be shown, nothing is ended.
        .catch(() => {});
    },
  };
}
