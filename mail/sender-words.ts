import type { Finding, FindingCode } from '../shared/model/finding.ts';

/** What fills the sentences. */
interface SenderDetails {
  readonly domain: string;
  readonly host: string;
  /** The addresses of the server, as a list in words. */
  readonly addresses: string;
  /** What the provider of the server asks to be included; null where that is not known. */
  readonly include: string | null;
}

function finding(code: FindingCode, level: Finding['level'], sentence: string, mend: string): Finding {
  return { code, level, sentence, mend };
}

/** How a record that does not name a server is mended. */
function mendRecord({ domain, addresses, include }: SenderDetails): string {
  const term = include === null ? `its addresses (${addresses})` : `“include:${include}”`;
  return `Have whoever runs the DNS of ${domain} add ${term} to the record, or send through the domain’s own mail server.`;
}

/** A server may pass mail on by other addresses than those it is reached by: nothing here is more than “may”. */
function notNamed({ domain, host, include }: SenderDetails, ending: string): string {
  const what =
    include === null ? `does not name ${host}` : `does not include ${include}, by which ${host} sends on`;
  return `The SPF record of ${domain} ${what}, ${ending}`;
}

/** The sentences about a sender, one for each code. */
export const FINDINGS = {
  from_is_not_login: ({ from, login }: { from: string; login: string }) =>
    finding(
      'from_is_not_login',
      'note',
      `Mail leaves from ${from}, and the login is ${login}.`,
      'If the server refuses the sender, set the From address to the login, or have the login allowed to send as it.',
    ),
  from_domain_reserved: ({ domain }: { domain: string }) =>
    finding(
      'from_domain_reserved',
      'warning',
      `The domain of the From address, ${domain}, exists in no public DNS.`,
      'Set a From address at a domain of your own: many servers refuse mail from one that does not exist.',
    ),
  from_domain_unknown: ({ domain }: { domain: string }) =>
    finding(
      'from_domain_unknown',
      'warning',
      `The domain of the From address, ${domain}, does not exist in DNS.`,
      'Check its spelling: many servers refuse mail from a domain that does not exist, and nothing can be returned to it.',
    ),
  from_domain_takes_no_mail: ({ domain }: { domain: string }) =>
    finding(
      'from_domain_takes_no_mail',
      'warning',
      `The domain of the From address, ${domain}, takes no mail.`,
      'Set a From address that receives mail: returned mail has nowhere to go, and many servers refuse such senders.',
    ),
  from_domain_without_mx: ({ domain }: { domain: string }) =>
    finding(
      'from_domain_without_mx',
      'note',
      `The domain of the From address, ${domain}, has no MX record.`,
      'Mail to it goes to the computer of that name itself. If none takes mail there, returned mail is lost, and mail may be filed as spam.',
    ),
  spf_missing: ({ domain, include }: SenderDetails) =>
    finding(
      'spf_missing',
      'warning',
      `The domain of the From address, ${domain}, has no SPF record, so mail may be filed as spam or refused.`,
      `Have whoever runs the DNS of ${domain} publish one that names the servers that send for it${include === null ? '' : `, such as “v=spf1 include:${include} -all”`}.`,
    ),
  spf_unreadable: ({ domain, why }: SenderDetails & { why: string }) =>
    finding(
      'spf_unreadable',
      'warning',
      `The SPF record of ${domain} cannot be used: ${why}. Mail may be filed as spam or refused.`,
      `Have whoever runs the DNS of ${domain} mend the record.`,
    ),
  spf_fail: (details: SenderDetails) =>
    finding(
      'spf_fail',
      'warning',
      notNamed(
        details,
        'and asks that mail from others be refused (-all). It may be refused or filed as spam.',
      ),
      mendRecord(details),
    ),
  spf_softfail: (details: SenderDetails) =>
    finding(
      'spf_softfail',
      'warning',
      notNamed(details, 'and calls mail from others suspicious (~all). It may be filed as spam.'),
      mendRecord(details),
    ),
  spf_neutral: (details: SenderDetails) =>
    finding(
      'spf_neutral',
      'note',
      notNamed(details, 'and says nothing of others (?all). It may be filed as spam.'),
      mendRecord(details),
    ),
  spf_local_server: ({ domain, host }: SenderDetails) =>
    finding(
      'spf_local_server',
      'note',
      `The server ${host} is in the local network. Whether the SPF record of ${domain} names the address it sends on by cannot be seen from here.`,
      'If mail is filed as spam, compare the record with the public address of that server.',
    ),
  not_checked: ({ domain }: { domain: string }) =>
    finding(
      'not_checked',
      'note',
      `What DNS says of ${domain}, the domain of the From address, was not found out in time.`,
      'Nothing has to be done; the test does not depend on it.',
    ),
} as const satisfies Record<FindingCode, (details: never) => Finding>;
