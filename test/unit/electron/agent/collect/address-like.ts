import * as fc from 'fast-check';

const PIECES = [
  'https://',
  'http://',
  'ftp:',
  'host.example',
  'user:pass@',
  '[::1]',
  '[',
  ':443',
  ':0',
  ':99999',
  '/path',
  '?q',
  '#',
];

/** Texts between an address and noise. */
export const addressLike = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })), { maxLength: 6 })
  .map((pieces) => pieces.join(''));
