import { z } from 'zod';
import { addressFault } from '../../address.ts';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import { METRIC_NAMES, type MetricName } from '../../model/metrics.ts';
import type { MetricRequest, Reading } from '../../model/sample.ts';
import type { SettingsFault } from '../settings-rules.ts';
import { schemaFor } from './schema-for.ts';

/** Pieces that requests and replies of several families share. */

export const nothing = z.strictObject({});
export const name = z.string().min(1).max(200);
export const id = z.string().min(1).max(200);
export const minutes = z.number().int().min(1).max(525_600);
export const address = z.string().superRefine((value, context) => {
  const fault = addressFault(value);
  if (fault !== null) context.addIssue({ code: 'custom', message: `“${value.slice(0, 80)}” ${fault}` });
});

/** Wall-clock time in milliseconds, and the same where there may be none. */
export const time = z.number();
export const timeOrNull = time.nullable();
export const textOrNull = z.string().nullable();

export const severity = z.enum(['info', 'warning', 'critical']);
export const metric = z.enum(METRIC_NAMES as readonly [MetricName, ...MetricName[]]);
const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];
export const errorCode = z.enum(ERROR_CODES);
export const errorCodeOrNull = errorCode.nullable();

export const reading = schemaFor<Reading>()(
  z.union([
    z.object({ value: z.union([z.number(), z.string()]), detail: z.string().optional() }),
    z.object({ value: z.null(), unknown: z.string() }),
  ]),
);

/** Something that is measured, as requests name it. */
export const metricRequest = schemaFor<MetricRequest>()(
  z.strictObject({ metric, target: z.string().max(1024).nullable() }),
);

const fault = schemaFor<SettingsFault>()(z.object({ path: z.string(), message: z.string() }));
export const faults = z.array(fault).readonly();
