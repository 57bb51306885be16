import './theme/tokens.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { createConsoleClient } from './api/console-client.ts';
import { createIpcClient, desktopBridge } from './api/ipc-client.ts';
import { App } from './app/app.tsx';
import { Router } from './app/router.ts';
import { ClientProvider } from './hooks/client.tsx';
import { RouterProvider } from './hooks/use-router.tsx';
import { SettingsProvider } from './hooks/use-settings.tsx';
import { StatusProvider } from './hooks/use-status.tsx';

const bridge = desktopBridge(globalThis.window);
const client = bridge === null ? createConsoleClient() : createIpcClient(bridge);
const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <I18nProvider locale="en-GB">
      <RouterProvider router={new Router(globalThis.window)}>
        <ClientProvider client={client}>
          <StatusProvider>
            <SettingsProvider>
              <App />
            </SettingsProvider>
          </StatusProvider>
        </ClientProvider>
      </RouterProvider>
    </I18nProvider>,
  );
}
