import { z } from 'zod';
import { parseBoundedJson } from '../../../shared/bounded-json.ts';
import { pathText } from '../../../shared/contract/settings-rules.ts';
import { SEVERITIES } from '../../../shared/model/alert.ts';
import { plainNameFault } from '../platform/plain-file.ts';

/** The contract's figures for a file alert request. */
const MOST_ATTACHMENTS = 5;
export const ATTACHMENTS_MAX_BYTES = 2 * 1024 * 1024;
/** Largest request file that is read at all. */
export const REQUEST_MAX_BYTES = 256 * 1024;
export const REQUEST_SUFFIX = '.alert.json';

const oneLine = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must be one line without control characters');

const attachmentName = z.string().superRefine((name, context) => {
  const fault = plainNameFault(name);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

const requestSchema = z.strictObject({
  subject: oneLine,
  message: z.string().max(100_000, 'must have at most 100000 characters').default(''),
  severity: z.enum(SEVERITIES).default('warning'),
  attachments: z
    .array(attachmentName)
    .max(MOST_ATTACHMENTS, `must name at most ${MOST_ATTACHMENTS} files`)
    .refine((names) => new Set(names).size === names.length, 'must name each file once')
    .default([]),
});

/** What another program asks to be mailed. */
export type FileAlertRequest = z.infer<typeof requestSchema>;

export type RequestParse =
  | { readonly ok: true; readonly request: FileAlertRequest }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** Reads the text of a request file; what is wrong with it is said line by line. */
export function parseRequest(text: string): RequestParse {
  let document: unknown;
  try {
    document = parseBoundedJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    return { ok: false, reasons: [`The file is not valid JSON: ${why}`] };
  }
  const parsed = requestSchema.safeParse(document);
  if (parsed.success) return { ok: true, request: parsed.data };
  const reasons = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${pathText([...issue.path, key])}: is not a known key`)
      : [`${pathText(issue.path) || 'The request'}: ${issue.message}`],
  );
  return { ok: false, reasons };
}
