import type { Random } from '../shared/model/clock.ts';
import type { Message } from '../shared/model/message.ts';
import { escapeHtml } from './delivery/escape-html.ts';
import type { Installation } from './store/relay-store.ts';

export interface OperatorMailOptions {
  /** Who runs the service; null: such mails are not sent. */
  readonly operator: string | null;
  readonly from: string;
  readonly random: Random;
}

/** The mails of row B9: an installation has fallen silent, or is back. */
export interface OperatorMail {
  silent(installation: Installation, now: number): Message | null;
  back(installation: Installation, now: number): Message | null;
}

export function createOperatorMail({ operator, from, random }: OperatorMailOptions): OperatorMail {
  const compose = (
    installation: Installation,
    now: number,
    severity: Message['severity'],
    subject: string,
    lines: readonly string[],
  ): Message | null => {
    if (operator === null) return null;
    const domain = from.slice(from.lastIndexOf('@') + 1);
    const since = installation.heartbeat?.silentSince ?? installation.heartbeat?.at ?? now;
    const id = random.id(now);
    return {
      id,
      messageId: `${id}@${domain}`,
      kind: 'notice',
      severity,
      source: { type: 'system', name: 'heartbeat' },
      createdAt: now,
      causedAt: since,
      channel: 'email',
      route: 'smtp',
      subject,
      text: `${lines.join('\n')}\n`,
      html: `<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:sans-serif;font-size:14px">${lines
        .map((line) => `<p style="margin:0 0 8px">${escapeHtml(line)}</p>`)
        .join('')}</body></html>`,
      priority: 'normal',
      // One conversation for each silence.
      references: [`silence.${installation.id}.${since}@${domain}`],
      incidentId: `${installation.id} ${since}`,
      attachments: [],
      recipients: [operator],
    };
  };

  return {
    silent(installation, now) {
      const heartbeat = installation.heartbeat;
      if (heartbeat === null) return null;
      const minutes = minutesBetween(heartbeat.at, now);
      return compose(installation, now, 'warning', `[WARNING] ${installation.name} has fallen silent`, [
        `${installation.name} has not been heard of for ${minutes} min; its last sign of life came at ${utc(heartbeat.at)}.`,
        'The computer may be off or without a network, or Tocsin may have been stopped there. While this lasts, nothing on it is watched as far as this service can tell.',
        `When last heard of: state ${heartbeat.status}, ${heartbeat.alertsFiring} alerts firing, ${heartbeat.outboxSize} mails waiting, Tocsin ${heartbeat.version}.`,
        'You will get a mail when it is back.',
      ]);
    },
    back(installation, now) {
      const since = installation.heartbeat?.silentSince ?? now;
      return compose(installation, now, 'info', `RESOLVED ${installation.name} is back`, [
        `Resolved after ${minutesBetween(since, now)} min: ${installation.name} was heard of again at ${utc(now)}.`,
        `Its last sign of life before that came at ${utc(since)}.`,
      ]);
    },
  };
}

function minutesBetween(from: number, to: number): number {
  return Math.max(1, Math.round((to - from) / 60_000));
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
