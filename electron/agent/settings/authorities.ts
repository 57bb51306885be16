import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { makeOwnerOnlyDir, writeFileAtomic } from '../platform/files.ts';

type Authorities =
  | { ok: true; settings: Settings; writes: (() => void)[]; warnings: SettingsFault[] }
  | { ok: false; faults: SettingsFault[] };

/** Copies CA files into the data folder, because the place they were imported from may be a stick or a share. */
export function takeInAuthorities(settings: Settings, baseDir: string, caDir: string): Authorities {
  const writes: (() => void)[] = [];
  const warnings: SettingsFault[] = [];
  const faults: SettingsFault[] = [];
  const servers = settings.smtp.servers.map((server, index) => {
    if (server.caFile === null) return server;
    const path = `smtp.servers[${index}].caFile`;
    const sourcePath = isAbsolute(server.caFile) ? server.caFile : resolve(baseDir, server.caFile);
    if (dirname(sourcePath) === caDir && existsSync(sourcePath)) return server;
    let pem: string;
    try {
      pem = readFileSync(sourcePath, 'utf8');
    } catch {
      const message = `${sourcePath} cannot be read; until it is there, only authorities this computer knows are trusted`;
      warnings.push({ path, message });
      return { ...server, caFile: sourcePath };
    }
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
      faults.push({
        path,
        message: `${sourcePath} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)`,
      });
      return server;
    }
    const digest = createHash('sha256').update(pem).digest('hex').slice(0, 12);
    const targetPath = join(caDir, `${digest}-${basename(sourcePath)}`);
    writes.push(() => {
      makeOwnerOnlyDir(caDir);
      writeFileAtomic(targetPath, pem);
    });
    return { ...server, caFile: targetPath };
  });
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, settings: { ...settings, smtp: { ...settings.smtp, servers } }, writes, warnings };
}

/** An authority that cannot be read is not trusted; the server's certificate is then refused, and that is said. */
export function readAuthority(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
