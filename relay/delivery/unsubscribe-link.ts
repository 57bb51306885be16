import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who wants no more mail, and of which installation. */
export interface Unsubscription {
  readonly installationId: string;
  readonly address: string;
}

/**
 * Makes and reads the addresses of List-Unsubscribe (RFC 8058 3.1): each names one recipient and one installation, and
 * bears a proof that only the service can make, so that nobody can silence somebody else's alarms.
 */
export interface UnsubscribeLinks {
  /** Null where the service has no public https address, which the header must have. */
  urlOf(unsubscription: Unsubscription): string | null;
  read(token: string): Unsubscription | null;
}

export const UNSUBSCRIBE_PATH = '/v1/unsubscribe/';

export function createUnsubscribeLinks(publicUrl: string | null, secret: Buffer): UnsubscribeLinks {
  const proofOf = (content: string) =>
    createHmac('sha256', secret).update(`unsubscribe ${content}`).digest().subarray(0, 16);
  return {
    urlOf({ installationId, address }) {
      if (publicUrl === null || !publicUrl.startsWith('https://')) return null;
      const content = Buffer.from(`${installationId} ${address}`).toString('base64url');
      const token = `${content}.${proofOf(content).toString('base64url')}`;
      return `${publicUrl.replace(/\/+$/, '')}${UNSUBSCRIBE_PATH}${token}`;
    },
    read(token) {
      const [content = '', proof = ''] = token.split('.');
      const given = Buffer.from(proof, 'base64url');
      const right = proofOf(content);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      const [installationId, address] = Buffer.from(content, 'base64url').toString('utf8').split(' ');
      return installationId === undefined || address === undefined ? null : { installationId, address };
    },
  };
}
