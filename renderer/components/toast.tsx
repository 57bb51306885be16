import './toast.css';
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { Button, IconButton } from './button.tsx';
import type { State } from '../model/state.ts';
import { StateMark } from './state-mark.tsx';

interface ToastText {
  readonly state: State;
  readonly text: string;
  readonly undo: (() => void) | null;
}

/** Long enough to read two lines and decide (react-aria advises at least 5 s). */
const SHOWN_MS = 8000;

const queue = new ToastQueue<ToastText>({ maxVisibleToasts: 3 });

/** Says that something was done; with `undo`, for as long as it shows, it can be taken back. */
export function tellDone(text: string, undo: (() => void) | null = null): void {
  queue.add({ state: 'ok', text, undo }, { timeout: SHOWN_MS });
}

/** Says that something could not be done, and why; it stays until it is closed. */
export function tellFailed(text: string): void {
  queue.add({ state: 'critical', text, undo: null });
}

/** Where the page's short messages appear: bottom right, read out as they come, reached by F6. */
export function Toasts() {
  return (
    <ToastRegion queue={queue} className="toasts" aria-label="Messages">
      {({ toast }) => (
        <Toast toast={toast} className="toast">
          <StateMark state={toast.content.state} />
          <ToastContent className="toast-text">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          {toast.content.undo !== null && (
            <Button
              look="quiet"
              onPress={() => {
                toast.content.undo?.();
                queue.close(toast.key);
              }}
            >
              Undo
            </Button>
          )}
          <IconButton slot="close" icon="close" label="Close message" />
        </Toast>
      )}
    </ToastRegion>
  );
}
