/**
 * Nonces that were used, for as long as a signature with them could still be accepted. Kept in memory: what a copied
 * request could do right after a restart is nothing, because a message's id is taken once whatever its nonce.
 */
export interface Nonces {
  /** False where this key has used the nonce before. */
  use(keyId: string, nonce: string, now: number): boolean;
}

/** Two halves of `keepMs` each: dropping one whole half costs nothing, however many nonces it holds. */
export function createNonces(keepMs: number): Nonces {
  let newer = new Set<string>();
  let older = new Set<string>();
  let turnAt = 0;
  return {
    use(keyId, nonce, now) {
      // A clock that was set back must not keep the halves for ever.
      if (now >= turnAt || turnAt - now > keepMs) {
        older = now - turnAt > keepMs ? new Set() : newer;
        newer = new Set();
        turnAt = now + keepMs;
      }
      const entry = `${keyId} ${nonce}`;
      if (newer.has(entry) || older.has(entry)) return false;
      newer.add(entry);
      return true;
    },
  };
}
