import { z } from 'zod';
import { textOrNull } from './common.ts';

/** What lies in the folder of a file alert. */
const folderLook = z.object({
  /** Why it cannot be read, in words; null where it can. */
  problem: textOrNull,
  /** Requests that were not taken in yet, or whose mail is not settled. */
  waiting: z.number(),
  /** The requests that were refused last, at most ten, newest first. */
  rejected: z.array(z.object({ name: z.string(), reason: z.string() })).readonly(),
  rejectedCount: z.number(),
});

/** Requests and replies of the methods that concern the folders of file alerts. */
export const FILE_METHODS = {
  /** Looks into folders, as they stand in the settings or in an editor; the answers stand in their order. */
  'files.look': {
    request: z.strictObject({ folders: z.array(z.string().min(1).max(4096)).max(100) }),
    reply: z.array(folderLook).readonly(),
  },
} as const;
