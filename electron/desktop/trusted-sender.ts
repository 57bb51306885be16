import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { APP_ORIGIN } from '../../shared/contract/desktop-bridge.ts';

/**
 * Whether a call comes from our page: the main frame of our window, at our address. A frame in it shows somebody else's
 * mail, and another window is none of ours. A frame that has navigated or is gone has no address any more.
 */
export function isTrustedSender(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  ours: WebContents | null,
): boolean {
  const { sender, senderFrame } = event;
  if (ours === null || sender !== ours || senderFrame === null || senderFrame.detached) return false;
  return senderFrame === ours.mainFrame && senderFrame.parent === null && senderFrame.origin === APP_ORIGIN;
}
