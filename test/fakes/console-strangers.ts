import { METHODS } from '../../shared/contract/ipc.ts';
import type { ConsoleRig, Reply } from './console-rig.ts';

/** Every door there is: the methods, the events, and what the console serves. */
export const DOORS: readonly { readonly path: string; readonly method: 'GET' | 'POST' }[] = [
  ...Object.keys(METHODS).map((name) => ({ path: `/api/${name}`, method: 'POST' as const })),
  { path: '/api/events', method: 'GET' },
  { path: '/', method: 'GET' },
  { path: '/assets/page.js', method: 'GET' },
  { path: '/mail/log/1', method: 'GET' },
  { path: '/mail/practice/1', method: 'GET' },
  { path: '/mail/preview/1', method: 'GET' },
];

/** Who should not be let in by any of them, and the headers they bring. `cookie`: of a session that is open. */
export function consoleStrangers(
  rig: ConsoleRig,
  cookie: string,
): readonly (readonly [who: string, headers: Record<string, string>])[] {
  const name = cookie.split('=')[0] ?? '';
  const basic = Buffer.from(`x:${rig.access.token}`).toString('base64');
  return [
    ['neither token nor cookie', {}],
    ['a guessed token', { authorization: 'Bearer guessed' }],
    [
      'a token beside a cookie that is right',
      { authorization: 'Bearer guessed', cookie, origin: rig.origin },
    ],
    ['another scheme', { authorization: `Basic ${basic}` }],
    ['a guessed cookie', { cookie: `${name}=guessed`, origin: rig.origin }],
    [
      'the cookie of another agent on this computer',
      { cookie: cookie.replace(name, 'tocsin_session_1'), origin: rig.origin },
    ],
    ['a page elsewhere, with the cookie', { cookie, origin: 'https://evil.example' }],
    ['a page elsewhere, with the token', { ...rig.bearer, origin: 'https://evil.example' }],
    ['a document without origin', { cookie, origin: 'null' }],
    [
      'another port of this computer',
      { cookie, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
    ],
    [
      'an image of another port, which names no origin',
      { cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
    ],
    ['a script of a page elsewhere', { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a name that was pointed at this computer', { ...rig.bearer, cookie, host: 'evil.example' }],
    ['that name with our port', { ...rig.bearer, cookie, host: `evil.example:${rig.port}` }],
  ];
}

/** The token is for calls alone, and a page reads what it was given with its cookie. */
export function isLetIn(who: string, { path, method }: (typeof DOORS)[number]): boolean {
  return who.startsWith('a token beside') && method === 'GET' && path !== '/api/events';
}

/** Whether it was turned away, and nothing was shown to it. */
export function isTurnedAway({ status, body }: Reply): boolean {
  return [401, 403, 421].includes(status) && !body.includes('canary') && !body.includes('stand-in');
}
