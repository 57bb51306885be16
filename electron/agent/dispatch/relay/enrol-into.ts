import type { EnrolReply, RequestOf } from '../../../../shared/contract/ipc.ts';
import type { DataDir } from '../../platform/data-dir.ts';
import type { SettingsStore } from '../../settings/settings-store.ts';
import type { EnrolRequest } from './enrol.ts';

export interface EnrolTarget {
  readonly settings: SettingsStore;
  readonly dataDir: DataDir;
  readonly hostName: string;
  readonly enrol: (request: EnrolRequest) => Promise<EnrolReply>;
}

/**
 * Enrols, and lets the settings name that service: they would send the mail elsewhere otherwise. Settings that a copy stands
 * in for are left alone; without an address of their own, the enrolment's is used.
 */
export async function enrolInto(
  { code, url, ca }: RequestOf<'relay.enroll'>,
  { settings, dataDir, hostName, enrol }: EnrolTarget,
): Promise<EnrolReply> {
  const name = settings.current().installation.name ?? hostName;
  const reply = await enrol({ code, url, ca: ca ?? null, name });
  if (reply.outcome !== 'enrolled' || settings.standsInFor() !== null) return reply;
  const current = settings.current();
  const service = url.trim().replace(/\/+$/, '');
  if (current.relay?.url === service) return reply;
  const relay = { url: service, useWhenSmtpFails: current.relay?.useWhenSmtpFails ?? false };
  settings.import(JSON.stringify({ ...current, relay }), dataDir.path);
  return reply;
}
