/** A certificate as it stands in a server's chain, for people to compare and to find its authority by. */
export interface CertificateFacts {
  /** Such as `CN=mail.contoso.example, O=Contoso`. */
  readonly subject: string;
  readonly issuer: string;
  /** The names it is good for; none for an authority. */
  readonly names: readonly string[];
  /** In milliseconds since the epoch; null where they cannot be read. */
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  /** SHA-256 of the whole certificate, upper case with colons, as browsers and OpenSSL show it. */
  readonly fingerprint256: string;
}

/** One address that was tried. `ms` counts from the beginning of this try. */
export interface AddressTry {
  readonly address: string;
  readonly ms: number;
  /** `left`: another one answered first, or time was up. */
  readonly outcome: 'connected' | 'failed' | 'left';
  /** Node's code of the failure, such as `ECONNREFUSED`. */
  readonly nodeCode: string | null;
}

/** What was found out at a stage of a test, beyond whether it went well. */
export type StageFacts =
  | {
      readonly kind: 'dns';
      /** `literal`: the server is set by its address, and nobody was asked. */
      readonly asked: 'system' | 'literal';
      /** The name servers this system is set up with; its hosts file comes before them. */
      readonly nameServers: readonly string[];
      /** A and AAAA. */
      readonly ipv4: readonly string[];
      readonly ipv6: readonly string[];
    }
  | { readonly kind: 'connect'; readonly port: number; readonly tries: readonly AddressTry[] }
  | {
      readonly kind: 'tls';
      /** Such as `TLSv1.3`. */
      readonly version: string | null;
      readonly cipher: string | null;
      /** What the certificate was checked against: the authorities trusted here, or the one fingerprint of the settings. */
      readonly checkedBy: 'authorities' | 'fingerprint';
      /** The server's own first. */
      readonly certificates: readonly CertificateFacts[];
    }
  | {
      readonly kind: 'greeting';
      /** What the answer to EHLO lists. */
      readonly capabilities: readonly string[];
      /** With STARTTLS the list comes twice; this is the first one, which anybody on the way can change. */
      readonly isEncrypted: boolean;
    }
  | {
      readonly kind: 'auth';
      /** The methods the server offered on this connection. */
      readonly offered: readonly string[];
      /** The one that was used; null where none was. */
      readonly tried: string | null;
    };
