import { z } from 'zod';
import { settingsSchema } from '../settings.ts';
import { faults } from './common.ts';

/** What a settings file came to: all of it was taken in, or nothing and every fault by name. */
const importReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), warnings: faults }),
  z.object({ ok: z.literal(false), faults }),
]);

/** The settings as an editor shows them. */
const settingsView = z.object({
  /** Names these settings: saving needs the revision that was read, so that two windows do not overwrite each other. */
  revision: z.string(),
  /** Without passwords. */
  settings: settingsSchema,
  /** Whether a password, or the secret of the app, is stored: for each of `smtp.servers` by position, and for the mailbox. */
  secrets: z.object({ smtp: z.array(z.boolean()).readonly(), mailbox: z.boolean() }),
  /** What is allowed and will not work as it stands. */
  warnings: faults,
});

const saveReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('saved'), revision: z.string(), warnings: faults }),
  z.object({ outcome: z.literal('invalid'), faults }),
  /** Somebody else has saved since; `revision` is the one that is in force. */
  z.object({ outcome: z.literal('conflict'), revision: z.string() }),
]);

/** Requests and replies of the methods `settings.*`. */
export const SETTINGS_METHODS = {
  'settings.get': { request: z.strictObject({}), reply: settingsView },
  'settings.export': { request: z.strictObject({}), reply: settingsSchema },
  'settings.import': {
    request: z.strictObject({ text: z.string(), baseDir: z.string() }),
    reply: importReply,
  },
  /** The whole document; a password only where one was newly entered: left out, the stored one is kept. */
  'settings.save': {
    request: z.strictObject({ revision: z.string().max(200), settings: z.unknown() }),
    reply: saveReply,
  },
  /** What is wrong with a document that is being edited. Nothing of it is stored. */
  'settings.check': {
    request: z.strictObject({ settings: z.unknown() }),
    reply: z.object({ faults, warnings: faults }),
  },
} as const;
