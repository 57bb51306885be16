import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressFault } from '../../../shared/address.ts';
import { anyText } from '../../fakes/any-text.ts';

describe('addresses', () => {
  test.each([
    'it@contoso.example',
    'a.b+c@sub.contoso.example',
    'root@localhost',
    "o'hara@x.example",
    '5551234567@sms.example',
  ])('takes %s', (address) => {
    expect(addressFault(address)).toBeNull();
  });

  test.each([
    ['', /empty/],
    ['nobody', /no @/],
    ['@x.example', /before the @/],
    ['a@', /after the @/],
    ['a@b@x.example', /more than one @/],
    ['a@x.example\r\nRCPT TO:<evil@x.example>', /line break/],
    ['a@x.example, b@x.example', /comma/],
    ['a@x.example;b@x.example', /semicolon/],
    ['a b@x.example', /space/],
    ['IT <it@x.example>', /space/],
    ['<it@x.example>', /brackets/],
    ['"it"@x.example', /quotation/],
    ['it@x_y.example', /host name/],
    ['it@-x.example', /host name/],
    ['it@x..example', /host name/],
    ['.it@x.example', /before the @/],
    ['jürgen@x.example', /outside ASCII/],
    [`${'a'.repeat(65)}@x.example`, /65 characters before/],
    [
      `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(20)}.example`,
      /at most 254/,
    ],
  ])('refuses %j and says why', (address, why) => {
    expect(addressFault(address)).toMatch(why);
  });

  test('what it takes can do no harm on the wire: one @, no white space, brackets, commas or control characters', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (address) => {
        if (addressFault(address) === null) expect(address).toMatch(/^[!-~]+$/);
        if (addressFault(address) === null) expect(address).not.toMatch(/[<>,;()[\]"\\]|@.*@/);
      }),
    );
  });
});
