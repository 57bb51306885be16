/** What a private Postfix is to do. Everything defaults to a plain server that takes mail for known users. */
export interface PostfixOptions {
  /** Fixed by the caller where a client knows the port before the server is there; else any free one. */
  readonly port?: number;
  /** Local parts under `contoso.example` that have a mailbox; others get 550 5.1.1 at RCPT. */
  readonly mailboxes: readonly string[];
  /** `may` offers STARTTLS, `encrypt` takes no mail without it; with a certificate of a private CA. */
  readonly starttls?: 'may' | 'encrypt';
  /** Users and passwords; with this, nobody sends without a login. */
  readonly users?: Readonly<Record<string, string>>;
  /** Sender addresses that are refused with 550 5.7.1; in reply to RCPT, as Postfix does unless told otherwise. */
  readonly refusedSenders?: readonly string[];
  /** Says so already in reply to MAIL FROM. */
  readonly refuseAtMailFrom?: boolean;
  /** Recipient addresses that are put off with 450 4.7.1. */
  readonly deferredRecipients?: readonly string[];
  /** Where mail for other domains goes, as `[127.0.0.1]:PORT`; with this, the server is a relay for everyone. */
  readonly relayTo?: string;
  /** How many connections it opens to that server at most; Postfix's own limit is 20. */
  readonly mostConnections?: number;
  /** How many connections of one client it takes at a time; any number by default. */
  readonly connectionsPerClient?: number;
  /** Mail is taken in but kept until it is released, so that enqueueing and draining can be told apart. */
  readonly holdAll?: boolean;
}

/** The one domain that the private Postfix is responsible for. */
const MAIL_DOMAIN = 'contoso.example';

export interface PostfixPlaces {
  readonly dir: string;
  readonly port: number;
  readonly certPath: string | null;
  readonly keyPath: string | null;
}

/** The files of the configuration folder: name → content. */
export function postfixConfig(
  options: PostfixOptions,
  places: PostfixPlaces,
): Readonly<Record<string, string>> {
  const address = (user: string) => `${user}@${MAIL_DOMAIN}`;
  return {
    'main.cf': mainCf(options, places),
    'master.cf': masterCf(places.port),
    mailboxes: table(options.mailboxes.map((user) => [address(user), `${user}/`])),
    senders: table(
      (options.refusedSenders ?? []).map((sender) => [sender, '550 5.7.1 Sender refused by policy']),
    ),
    recipients: table(
      (options.deferredRecipients ?? []).map((one) => [one, '450 4.7.1 Greylisted, try again later']),
    ),
  };
}

function table(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([key, value]) => `${key} ${value}\n`).join('');
}

function mainCf(options: PostfixOptions, { dir, certPath, keyPath }: PostfixPlaces): string {
  const lines: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: `${dir}/queue`,
    data_directory: `${dir}/data`,
    maillog_file: `${dir}/log/postfix.log`,
    maillog_file_prefixes: dir,
    myhostname: 'mail.contoso.example',
    mydestination: '',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    // No name service is asked for anything: there may be none.
    smtpd_peername_lookup: 'no',
    disable_dns_lookups: 'yes',
    smtp_host_lookup: 'native',
    alias_maps: '',
    local_recipient_maps: '',
    smtpd_client_connection_count_limit: String(options.connectionsPerClient ?? 0),
    smtpd_client_event_limit_exceptions: '',
    smtpd_client_connection_rate_limit: '0',
    virtual_mailbox_domains: MAIL_DOMAIN,
    virtual_mailbox_base: `${dir}/mailboxes`,
    virtual_mailbox_maps: `texthash:${dir}/config/mailboxes`,
    virtual_uid_maps: 'static:65534',
    virtual_gid_maps: 'static:65534',
    virtual_minimum_uid: '100',
    smtpd_sender_restrictions: `check_sender_access texthash:${dir}/config/senders`,
    // The list of mailboxes goes first, so that an unknown user is refused whatever else holds for him.
    smtpd_recipient_restrictions: `reject_unlisted_recipient, check_recipient_access texthash:${dir}/config/recipients`,
    smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination',
    mynetworks: options.relayTo === undefined ? '' : '127.0.0.0/8',
    default_transport:
      options.relayTo === undefined ? 'error:nothing leaves this server' : `smtp:${options.relayTo}`,
  };
  if (options.mostConnections !== undefined)
    lines['smtp_destination_concurrency_limit'] = String(options.mostConnections);
  if (options.refuseAtMailFrom === true) lines['smtpd_delay_reject'] = 'no';
  if (options.holdAll === true) lines['smtpd_data_restrictions'] = 'check_client_access static:HOLD';
  if (options.starttls !== undefined && certPath !== null && keyPath !== null) {
    lines['smtpd_tls_security_level'] = options.starttls;
    lines['smtpd_tls_chain_files'] = `${keyPath}, ${certPath}`;
    lines['smtpd_tls_auth_only'] = 'yes';
    lines['smtpd_tls_received_header'] = 'yes';
  }
  if (options.users !== undefined) {
    lines['smtpd_sasl_auth_enable'] = 'yes';
    lines['smtpd_sasl_type'] = 'dovecot';
    lines['smtpd_sasl_path'] = 'private/auth';
    lines['smtpd_sasl_authenticated_header'] = 'yes';
    lines['smtpd_client_restrictions'] = 'permit_sasl_authenticated, reject';
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}

/** Debian's services without chroot, so that nothing has to be copied into the queue folder. */
function masterCf(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
