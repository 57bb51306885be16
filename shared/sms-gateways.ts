/** An e-mail-to-SMS gateway that no longer passes mail on, or will not for long. */
interface EndedGateway {
  readonly carrier: string;
  readonly domains: readonly string[];
  /** When it ends or ended, to be read in a sentence. */
  readonly when: string;
  readonly over: boolean;
  readonly source: string;
}

/** Gateways that carriers have shut down or announced to. Looked up in November 2026. */
const ENDED_GATEWAYS: readonly EndedGateway[] = [
  {
    carrier: 'T-Mobile',
    domains: ['tmomail.net'],
    when: 'in December 2024',
    over: true,
    source: 'announced by the carrier; mail to it has been refused since',
  },
  {
    carrier: 'AT&T',
    domains: ['txt.att.net', 'mms.att.net'],
    when: 'on 17 June 2025',
    over: true,
    source: 'announced by the carrier: email-to-text and text-to-email end on that day',
  },
  {
    carrier: 'Verizon',
    domains: ['vtext.com', 'vzwpix.com'],
    when: 'on 31 March 2027',
    over: false,
    source: 'announced by the carrier',
  },
];

/** Warns of an address at a gateway that has ended or will; null where nothing is known against it. */
export function smsGatewayWarning(address: string): string | null {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const gateway = ENDED_GATEWAYS.find(({ domains }) => domains.includes(domain));
  if (!gateway) return null;
  const { carrier, when, over } = gateway;
  return over
    ? `goes to a gateway that ${carrier} shut down ${when}: messages to it are lost. Use an e-mail address, or the gateway of another provider`
    : `goes to a gateway that ${carrier} shuts down ${when}. Choose another way before then`;
}
