import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RealAgent, startRealAgent } from '../../fakes/real-agent.ts';
import { makeScratchDir } from '../support/scratch.ts';

/**
 * What any user of the computer, and any page in a browser on it, can send to the port of a running agent. Who is refused by
 * Host, Origin, cookie and token for each method stands in test/unit/electron/agent/console; here are forms that only the
 * wire has. Whatever comes: nobody is let in, and the owner's next call is answered.
 */

const scratch = makeScratchDir('tocsin-attacks');
let agent: RealAgent;
let port: number;
const sockets = new Set<Socket>();

beforeAll(async () => {
  agent = await startRealAgent({ folder: scratch.dir });
  port = agent.agent.port;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await agent.agent.stop();
  scratch.remove();
});

interface Line {
  readonly socket: Socket;
  /** Everything that came back so far. */
  readonly heard: () => string;
  readonly closed: Promise<void>;
}

function open(): Line {
  const socket = connect(port, '127.0.0.1');
  sockets.add(socket);
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk) => (heard += String(chunk)));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  return { socket, heard: () => heard, closed };
}

/** Sends these bytes as they are, and gives the status lines of all answers once the connection is closed or a second has passed. */
async function statusesOf(bytes: string): Promise<string[]> {
  const line = open();
  line.socket.write(bytes, 'latin1');
  await Promise.race([line.closed, new Promise((resolve) => setTimeout(resolve, 1000))]);
  line.socket.destroy();
  return [...line.heard().matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status = '']) => status);
}

const answersItsOwner = async () => expect((await agent.raw('status.get', {})).status).toBe(200);

const HEAD = () => `POST /api/status.get HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n`;
const body = (text: string) => `Content-Length: ${text.length}\r\n\r\n${text}`;

describe('a token in the wrong place opens nothing', () => {
  const rows: readonly (readonly [string, () => string])[] = [
    ['in the address', () => HEAD().replace('status.get', `status.get?token=${agent.token}`) + body('{}')],
    ['as a cookie', () => `${HEAD()}Cookie: tocsin_session_${port}=${agent.token}\r\n${body('{}')}`],
    ['as a cookie without the port', () => `${HEAD()}Cookie: token=${agent.token}\r\n${body('{}')}`],
    ['in the body', () => HEAD() + body(JSON.stringify({ token: agent.token }))],
    ['in a header of its own', () => `${HEAD()}X-Token: ${agent.token}\r\n${body('{}')}`],
    ['without its scheme', () => `${HEAD()}Authorization: ${agent.token}\r\n${body('{}')}`],
    ['in two parts', () => `${HEAD()}Authorization: Bearer ${agent.token} x\r\n${body('{}')}`],
    ['cut short', () => `${HEAD()}Authorization: Bearer ${agent.token.slice(0, -1)}\r\n${body('{}')}`],
    [
      'behind one that is wrong',
      () => `${HEAD()}Authorization: Bearer x\r\nAuthorization: Bearer ${agent.token}\r\n${body('{}')}`,
    ],
    [
      'as a link',
      () => `GET /?link=${agent.token} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
    ],
  ];

  test.each(rows)('%s', async (_rule, bytes) => {
    expect(await statusesOf(bytes())).toEqual([expect.stringMatching(/^40[013]$/) as unknown]);
    await answersItsOwner();
  });
});

describe('requests that are none, or two', () => {
  const bearer = () => `Authorization: Bearer ${agent.token}\r\n`;
  const rows: readonly (readonly [string, () => string, RegExp])[] = [
    ['no HTTP', () => 'EHLO evil.example\r\nMAIL FROM:<a@b>\r\n\r\n', /^400$/],
    ['no Host', () => HEAD().replace(/Host:.*\r\n/, '') + bearer() + body('{}'), /^4/],
    ['two hosts', () => `${HEAD()}Host: evil.example\r\n${bearer()}${body('{}')}`, /^4/],
    [
      'a host with a user in front',
      () => HEAD().replace('Host: ', 'Host: x@') + bearer() + body('{}'),
      /^421$/,
    ],
    [
      'a full address of another host',
      () => HEAD().replace('Host: 127.0.0.1', 'Host: evil.example') + bearer() + body('{}'),
      /^421$/,
    ],
    [
      'a length and chunks at once',
      () => `${HEAD()}${bearer()}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`,
      /^400$/,
    ],
    ['two lengths', () => `${HEAD()}${bearer()}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `, /^400$/],
    ['a header with a line break', () => `${HEAD()}${bearer()}X: a\rEvil: b\r\n${body('{}')}`, /^400$/],
    [
      '20 KB of headers',
      () => `${HEAD()}${bearer()}${`X: ${'a'.repeat(1000)}\r\n`.repeat(20)}${body('{}')}`,
      /^431$/,
    ],
    ['3,000 headers', () => `${HEAD()}${bearer()}${'X: a\r\n'.repeat(3000)}${body('{}')}`, /^431$/],
    [
      'an address of 20 KB',
      () => HEAD().replace('status.get', 'a'.repeat(20_000)) + bearer() + body('{}'),
      /^431$/,
    ],
    [
      'a body of 9 MB that is only announced',
      () => `${HEAD().replace('status.get', 'settings.import')}Content-Length: 9437184\r\n\r\n`,
      /^401$/,
    ],
  ];

  test.each(rows)('%s', async (_rule, bytes, status) => {
    expect(await statusesOf(bytes())).toEqual([expect.stringMatching(status) as unknown]);
    await answersItsOwner();
  });

  test('a second request hidden in the body of a refused one is not answered', async () => {
    const hidden = `POST /api/monitoring.pause HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${bearer()}${body('{"minutes":5}')}`;
    const statuses = await statusesOf(`${HEAD()}${body(hidden)}`);
    expect(statuses).toEqual(['401']);
    expect(agent.agent.status().pausedUntil).toBeNull();
  });
});

describe('connections that only cost', () => {
  test('who sends a header a byte at a time, or nothing, is put out, and others are served meanwhile', async () => {
    const silent = open();
    const slow = open();
    slow.socket.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => slow.socket.write('X: a\r\n'), 500);
    await answersItsOwner();
    await Promise.all([silent.closed, slow.closed]);
    clearInterval(drip);
    await answersItsOwner();
  }, 40_000);

  test('five hundred of them leave files and ears for everything else', async () => {
    const lines = Array.from({ length: 500 }, open);
    await expect
      .poll(() => lines.filter(({ socket }) => socket.destroyed).length, { timeout: 8000 })
      // At once, and not for being slow, which takes ten seconds.
      .toBeGreaterThanOrEqual(290);
    for (const { socket } of lines) socket.destroy();
    await Promise.all(lines.map(({ closed }) => closed));
    await expect
      .poll(async () => (await agent.raw('status.get', {}).catch(() => ({ status: 0 }))).status)
      .toBe(200);
  });
});

test('the log tells of refused callers, seldom, and without a word of theirs', async () => {
  await fetch(`${agent.url}/api/status.get?canary`, { method: 'POST', headers: { 'x-canary': 'canary' } });
  const told = agent.said.filter((line) => line.includes('was refused at the console'));
  expect(told).toHaveLength(1);
  expect(agent.said.join()).not.toMatch(/canary|unexpected fault/);
  expect(agent.said.join()).not.toContain(agent.token);
});
