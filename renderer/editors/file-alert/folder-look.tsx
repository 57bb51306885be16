import { StateMark } from '../../components/state-mark.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useNow } from '../../hooks/use-now.ts';
import { FILES, folderFoundText, rejectedText } from '../../strings/files.ts';
import { useDebounced } from '../entry/use-debounced.ts';

const QUIET_MS = 500;
const AGAIN_MS = 5000;

/** Whether the folder that was typed is there, what waits in it, and what was refused and why. */
export function FolderLook({ folder }: { readonly folder: string }) {
  const asked = useDebounced(folder, QUIET_MS);
  const again = Math.floor(useNow(AGAIN_MS) / AGAIN_MS);
  const { value } = useLoaded('files.look', { folders: asked === '' ? [] : [asked] }, again);
  const look = asked === folder ? value?.[0] : undefined;
  return (
    <div className="folder-look" aria-live="polite">
      {look !== undefined && (
        <>
          <span className="row">
            <StateMark state={look.problem === null ? 'ok' : 'warning'} />
            <span>{look.problem ?? folderFoundText(look.waiting)}</span>
          </span>
          {look.rejectedCount > 0 && (
            <div className="stack">
              <h3>
                {FILES.rejected}: {rejectedText(look.rejectedCount)}
              </h3>
              <p className="muted small">{FILES.rejectedNote}</p>
              <ul className="rejected-list">
                {look.rejected.map(({ name, reason }) => (
                  <li key={name}>
                    {name}
                    <span className="muted">{reason}</span>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </div>
  );
}
