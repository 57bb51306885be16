import { app } from 'electron';

/**
 * Runs the command line program in this app's Node, without a window or icon: the service, and `tocsin` where only the app
 * is installed. The process ends with its status.
 */
export function runWithoutWindow(
  words: readonly string[],
  main: (words: readonly string[]) => Promise<void>,
): void {
  app.disableHardwareAcceleration();
  app.dock?.hide();
  // Chromium takes the signals that end a process, and asks the app to quit instead; the commands know signals.
  app.on('before-quit', (event) => {
    event.preventDefault();
    process.emit('SIGTERM');
  });
  void main(words).finally(() => app.exit(Number(process.exitCode ?? 0)));
}
