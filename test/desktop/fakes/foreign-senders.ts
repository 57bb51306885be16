import { FakeContents } from './electron.ts';

/** Who is not the page of our window, with the event that such a call comes with. */
export function foreignSenders(ours: FakeContents): readonly (readonly [who: string, event: unknown])[] {
  const other = new FakeContents();
  const frame = (fields: object) => ({ sender: ours, senderFrame: { ...ours.mainFrame, ...fields } });
  return [
    ['another window, at our address', { sender: other, senderFrame: other.mainFrame }],
    ['another window that names our frame', { sender: other, senderFrame: ours.mainFrame }],
    ['a frame in our window', frame({ parent: ours.mainFrame })],
    ['a frame in our window that says it has no parent', frame({})],
    ['a frame that is gone', { sender: ours, senderFrame: null }],
  ];
}

/** Addresses that are not ours. */
export const FOREIGN_ORIGINS = ['https://evil.example', 'tocsin://evil', 'null', 'file://', ''] as const;
