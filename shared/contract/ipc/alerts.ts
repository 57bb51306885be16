import { z } from 'zod';
import { address, faults, minutes, name, nothing, textOrNull, time, timeOrNull } from './common.ts';
import { testReport } from './mail.ts';
import { alertVerdict, checkReport, conditionStatus } from './status.ts';

/** What acknowledging or snoozing came to. */
const alertReply = z.object({ outcome: z.enum(['done', 'not-found', 'not-firing']) });
export type AlertReply = z.infer<typeof alertReply>;

/** A mail as it would be sent now. */
const mailPreview = z.object({
  /** For `mailFramePath('preview', id)`, which shows the HTML in a frame; kept until twenty newer ones were made. */
  id: z.string(),
  subject: z.string(),
  /** As it stands in the header: `Tocsin at Contoso <tocsin@contoso.example>`. */
  from: z.string(),
  format: z.enum(['html', 'text']),
  html: textOrNull,
  text: z.string(),
});

const faultsReply = z.object({ faults });

const alertPreview = z.union([
  faultsReply,
  z.object({
    /** In the order of the alert's conditions, measured just now. */
    conditions: z.array(conditionStatus).readonly(),
    wouldFire: alertVerdict,
    mail: mailPreview,
    /** The short text for SMS gateways; null where the alert has no such addresses. */
    sms: textOrNull,
  }),
]);

const reportPreview = z.union([
  faultsReply,
  /** `next`: the next three times by its schedule, whether or not it is enabled; fewer where it falls due no more. */
  z.object({ mail: mailPreview, nextAt: timeOrNull, next: z.array(time).readonly() }),
]);

/** Requests and replies of the methods that concern what is watched and what is told of it. */
export const ALERT_METHODS = {
  'alerts.check': { request: nothing, reply: checkReport },
  'alerts.acknowledge': { request: z.strictObject({ name }), reply: alertReply },
  'alerts.snooze': { request: z.strictObject({ name, minutes }), reply: alertReply },
  /** One alert as in the settings, not saved: what it would find now, and the mail it would send. Sends nothing. */
  'alerts.preview': { request: z.strictObject({ alert: z.unknown() }), reply: alertPreview },
  /** That alert's mail as it would be, marked as a test, to one address, by the way it would take. */
  'alerts.test': { request: z.strictObject({ alert: z.unknown(), to: address }), reply: testReport },
  'monitoring.pause': {
    request: z.strictObject({ minutes: minutes.nullable() }),
    reply: z.object({ until: z.union([time, z.literal('forever')]) }),
  },
  'monitoring.resume': { request: nothing, reply: z.object({}) },
  'reports.send': {
    request: z.strictObject({ name }),
    reply: z.object({ found: z.boolean(), ids: z.array(z.string()).readonly() }),
  },
  /** One report as in the settings, not saved. Sends nothing. */
  'reports.preview': { request: z.strictObject({ report: z.unknown() }), reply: reportPreview },
} as const;
