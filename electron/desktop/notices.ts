import { Notification } from 'electron';
import type { AgentClient } from '../client/agent-client.ts';
import { desktopNotices } from '../tray/desktop-notices.ts';
import type { TrayPage } from '../tray/tray-menu.ts';
import type { AgentStatus } from '../../shared/model/status.ts';

/** Those that were not clicked stay in the system's own list; their click is heard for as many. */
const HEARD_MAX = 50;

/** Shows what is new on the desktop; a click leads to the page that says more. */
export function startNotices(client: AgentClient, iconPath: string, onClick: (page: TrayPage) => void): void {
  // A notification that nobody refers to is collected, and its click with it.
  const heard = new Set<Notification>();
  let before: AgentStatus | null = null;
  client.onEvent((event) => {
    if (event.event !== 'status.changed') return;
    const notices = desktopNotices(before, event.payload);
    before = event.payload;
    if (!Notification.isSupported()) return;
    for (const { title, body, page, urgency } of notices) {
      const notification = new Notification({ title, body, urgency, icon: iconPath });
      heard.add(notification);
      for (const oldest of heard) {
        if (heard.size <= HEARD_MAX) break;
        heard.delete(oldest);
      }
      notification.on('click', () => {
        heard.delete(notification);
        onClick(page);
      });
      notification.show();
    }
  });
}
