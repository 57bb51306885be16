import { useState } from 'react';
import { browserClock } from '../platform/clock.ts';
import { Button } from './button.tsx';
import { tellFailed } from './toast.tsx';

export interface CopyButtonProps {
  /** What is put into the clipboard. */
  readonly text: string;
  readonly label: string;
  /** What the button says for a moment afterwards. */
  readonly done: string;
}

const SHOWN_MS = 2000;

/** Copies a text, and says so on itself. */
export function CopyButton({ text, label, done }: CopyButtonProps) {
  const [isDone, setDone] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setDone(true);
        browserClock.after(SHOWN_MS, () => setDone(false));
      },
      () => tellFailed('The browser did not allow copying. Select the text and copy it by hand.'),
    );
  };
  return (
    <Button onPress={copy}>
      <span aria-live="polite">{isDone ? done : label}</span>
    </Button>
  );
}
