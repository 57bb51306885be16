import { expect, test } from 'vitest';
import { parseHostPort } from '../../../../../electron/agent/collect/host-port.ts';

test.each([
  ['a name', 'mail.contoso.example:25', { host: 'mail.contoso.example', port: 25 }],
  ['an IPv4 address', '127.0.0.1:65535', { host: '127.0.0.1', port: 65535 }],
  ['an IPv6 address in brackets', '[::1]:443', { host: '::1', port: 443 }],
  ['a link-local address with its zone', '[fe80::1%eth0]:22', { host: 'fe80::1%eth0', port: 22 }],
  ['an IPv6 address without brackets is ambiguous', '::1:443', null],
  ['brackets hold addresses only', '[mail.example]:25', null],
  ['no port', 'mail.example', null],
  ['port 0 cannot be connected to', 'mail.example:0', null],
  ['ports end at 65535', 'mail.example:65536', null],
  ['a URL is no host', 'http://mail.example:80', null],
  ['blanks', 'mail .example:25', null],
  ['nothing', '', null],
])('%s: %s', (_rule, target, expected) => {
  expect(parseHostPort(target)).toEqual(expected);
});
