import type { Handlers } from '../../../shared/contract/ipc.ts';
import { lookIntoFolder } from '../file-alerts/look.ts';

/** What lies in the folders of file alerts. */
export function fileHandlers(): Pick<Handlers, 'files.look'> {
  return { 'files.look': ({ folders }) => Promise.all(folders.map(lookIntoFolder)) };
}
