import { z } from 'zod';
import type { StageFacts } from '../../model/stage-facts.ts';
import { textOrNull, timeOrNull } from './common.ts';
import { schemaFor } from './schema-for.ts';

const texts = z.array(z.string());

const addressTry = z.object({
  address: z.string(),
  ms: z.number(),
  outcome: z.enum(['connected', 'failed', 'left']),
  nodeCode: textOrNull,
});

const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: texts,
  validFrom: timeOrNull,
  validUntil: timeOrNull,
  fingerprint256: z.string(),
});

/** What was found out at a stage of a test. */
export const stageFacts = schemaFor<StageFacts>()(
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('dns'),
      asked: z.enum(['system', 'literal']),
      nameServers: texts,
      ipv4: texts,
      ipv6: texts,
    }),
    z.object({ kind: z.literal('connect'), port: z.number(), tries: z.array(addressTry) }),
    z.object({
      kind: z.literal('tls'),
      version: textOrNull,
      cipher: textOrNull,
      checkedBy: z.enum(['authorities', 'fingerprint']),
      certificates: z.array(certificate),
    }),
    z.object({ kind: z.literal('greeting'), capabilities: texts, isEncrypted: z.boolean() }),
    z.object({ kind: z.literal('auth'), offered: texts, tried: textOrNull }),
  ]),
);
