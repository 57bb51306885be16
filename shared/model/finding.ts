/** Something about the sender that is no failure and may yet keep mail from being read, found without sending any. */
export interface Finding {
  readonly code: FindingCode;
  /** `warning`: mail may be refused or filed as spam. `note`: good to know. */
  readonly level: 'warning' | 'note';
  readonly sentence: string;
  readonly mend: string;
}

export const FINDING_CODES = [
  'from_is_not_login',
  'from_domain_reserved',
  'from_domain_unknown',
  'from_domain_takes_no_mail',
  'from_domain_without_mx',
  'spf_missing',
  'spf_unreadable',
  'spf_fail',
  'spf_softfail',
  'spf_neutral',
  'spf_local_server',
  'not_checked',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];
