import '../../../renderer/theme/tokens.css';
import '../../../renderer/theme/base.css';
import '../../../renderer/app/app.css';
import './gallery.css';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { Toasts } from '../../../renderer/components/toast.tsx';
import { Router } from '../../../renderer/app/router.ts';
import { UnsavedDialog } from '../../../renderer/app/unsaved-dialog.tsx';
import { RouterProvider } from '../../../renderer/hooks/use-router.tsx';
import { Editor } from './editor.tsx';
import { Fields } from './fields.tsx';
import { Lists } from './lists.tsx';
import { Messages } from './messages.tsx';

/** Every component once, for the tests to look at: names, keyboard, contrast, and the page's policy. */
const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <I18nProvider locale="en-GB">
      <RouterProvider router={new Router(globalThis.window)}>
        <main className="app-page" id="gallery">
          <h1>Components</h1>
          <Fields />
          <Lists />
          <Messages />
          <Editor />
        </main>
        <UnsavedDialog />
      </RouterProvider>
      <Toasts />
    </I18nProvider>,
  );
}
