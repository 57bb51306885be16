import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Handlers } from '../../../shared/contract/ipc.ts';
import type { HandlerParts } from './parts.ts';
import { VERSION } from '../version.ts';

/** As `scripts/build.ts` writes it. */
const licencesFile = z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() }));

export function aboutHandlers({ dataDir, distDir }: HandlerParts): Pick<Handlers, 'about.get'> {
  return {
    'about.get': () => ({
      version: VERSION,
      node: process.versions.node,
      dataDir: dataDir.path,
      files: [
        { name: 'Alerts’ state, outbox and delivery log', path: dataDir.databasePath },
        { name: 'Settings, without passwords', path: dataDir.settingsPath },
        { name: 'Passwords, encrypted', path: dataDir.secretsPath },
        { name: 'Key of the passwords', path: dataDir.keyPath },
        { name: 'Certificates taken in with the settings', path: dataDir.caDir },
        { name: 'Practice mailbox', path: dataDir.practiceDir },
      ],
      licences: readLicences(distDir),
    }),
  };
}

/** The licences of what Tocsin is made of; none where it runs from sources that were not built. */
function readLicences(distDir: string | null) {
  if (distDir === null) return [];
  try {
    return licencesFile.parse(JSON.parse(readFileSync(join(distDir, 'licences.json'), 'utf8')));
  } catch {
    return [];
  }
}
