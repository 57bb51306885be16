import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postForm, accountOf, tokensOf } from '../../../../../electron/agent/oauth/token-endpoint.ts';
import { readGrant } from '../../../../../electron/agent/oauth/grant-store.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { challengeText } from '../../../../../mail/token-mechanism.ts';
import { OAuthServer } from '../../../../fakes/oauth-server.ts';

let service: OAuthServer;
beforeAll(async () => {
  service = await new OAuthServer().start();
});
afterAll(() => service.stop());

/** What may come as JSON, now and then with the names that are looked for. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      access_token: fc.jsonValue(),
      token_type: fc.jsonValue(),
      expires_in: fc.jsonValue(),
      refresh_token: fc.jsonValue(),
      id_token: fc.string(),
      error: fc.jsonValue(),
      error_description: fc.jsonValue(),
      status: fc.jsonValue(),
      scope: fc.string(),
    },
    { requiredKeys: [] },
  ),
);

test('tokens that are taken from an answer can stand in a command and be counted with', () => {
  fc.assert(
    fc.property(anything, (body) => {
      const tokens = tokensOf(body);
      if (tokens === null) return;
      expect(tokens.access_token).toMatch(/^[\x21-\x7e]+$/);
      expect(tokens.expires_in === undefined || tokens.expires_in > 0).toBe(true);
      const account = accountOf(tokens);
      expect(account === null || /^[^\u0000-\u001f]+$/.test(account)).toBe(true);
    }),
  );
});

test('whatever a service answers comes to one of three things, on one line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 200, max: 599 }),
      fc.oneof(anything, fc.string()),
      async (status, body) => {
        service.instead.push({ status, body });
        const answer = await postForm(
          `${service.origin}/token`,
          { a: 'b' },
          { clock: systemClock, ca: null },
        );
        const said =
          answer.kind === 'unreachable'
            ? answer.why
            : answer.kind === 'refused'
              ? `${answer.error}${answer.description ?? ''}`
              : '';
        expect(['answered', 'refused', 'unreachable']).toContain(answer.kind);
        expect(said).not.toMatch(/[\u0000-\u001f]/);
        expect(answer.kind === 'answered' && (status < 200 || status > 299)).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
});

test('a challenge of any kind is said on one line or not at all', () => {
  fc.assert(
    fc.property(fc.oneof(anything, fc.string()), (challenge) => {
      const encoded = Buffer.from(JSON.stringify(challenge)).toString('base64');
      for (const reply of [`334 ${encoded}`, `334 ${JSON.stringify(challenge)}`]) {
        const text = challengeText(reply, []);
        expect(text === null || (!/[\u0000-\u001f]/.test(text) && text.length < 2000)).toBe(true);
      }
    }),
  );
});

test('a sign-in that was kept badly is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readGrant({ get: () => text }, 'any')).toBe(null);
    }),
  );
});
