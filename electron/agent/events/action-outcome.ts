/** What one try at an action came to, in words for the log. */
export type ActionOutcome =
  | {
      readonly kind: 'done';
      readonly text: string;
      /** Written in the same commit as the outcome itself. */
      readonly alongside?: () => void;
      /** The mails it makes, as the delivery log names them. */
      readonly messageIds?: readonly string[];
    }
  /** It may work later. */
  | { readonly kind: 'retry'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };
