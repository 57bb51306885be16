import type { Locator, Page } from 'playwright-core';
import type { OAuthServer } from '../../fakes/oauth-server.ts';
import { choose, serverCard } from './email-page.ts';

/** Enters a sign-in service of one's own for the first mail server, as the documents of an IT provider have it. */
export async function enterService(
  page: Page,
  service: OAuthServer,
  { user, clientSecret }: { readonly user: string; readonly clientSecret: string },
): Promise<Locator> {
  const card = serverCard(page);
  await card.getByText('Requires authentication').click();
  await choose(card, page, 'Login', 'OAuth 2.0 (sign in)');
  await choose(card, page, 'Sign-in service', 'Another one');
  const { clientId, tokenEndpoint, deviceEndpoint, authorizationEndpoint, revocationEndpoint, scope } =
    service.auth();
  for (const [label, value] of [
    ['Account', user],
    ['Client ID', clientId],
    ['Client secret', clientSecret],
    ['Token endpoint', tokenEndpoint],
    ['Device endpoint', deviceEndpoint],
    ['Authorisation endpoint', authorizationEndpoint],
    ['Revocation endpoint', revocationEndpoint],
    ['Scope', scope],
  ] as const) {
    await card.getByLabel(label, { exact: true }).fill(value);
  }
  await card.getByText('Not signed in').waitFor();
  return card;
}

/** The dialog in which somebody signs in. */
export async function openSignIn(page: Page, card: Locator, button = 'Sign in…'): Promise<Locator> {
  await card.getByRole('button', { name: button }).click();
  return page.getByRole('dialog', { name: 'Sign in' });
}
