import { Button } from '../../components/button.tsx';
import { EDITOR } from '../../strings/editor.ts';
import type { PreviewKind } from './preview-dialog.tsx';

const WORDS: Readonly<Record<PreviewKind, string>> = {
  mail: EDITOR.previewMail,
  text: EDITOR.previewText,
  sms: EDITOR.previewSms,
};

/** At the foot of an editor: the forms in which its mail can be looked at. */
export function PreviewButtons({
  kinds,
  onPreview,
}: {
  readonly kinds: readonly PreviewKind[];
  readonly onPreview: (kind: PreviewKind) => void;
}) {
  return (
    <span className="row preview-buttons">
      <span className="muted">{EDITOR.preview}</span>
      {kinds.map((kind) => (
        <Button
          key={kind}
          look="quiet"
          aria-label={`${EDITOR.preview} ${WORDS[kind]}`}
          onPress={() => onPreview(kind)}
        >
          {WORDS[kind]}
        </Button>
      ))}
    </span>
  );
}
