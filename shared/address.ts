/**
 * One addr-spec (RFC 5322 3.4.1) in the form that every mail server takes: dot-atom, one @, a host name or an
 * address literal is not allowed; no comments, no quoted strings, no folding, no control characters. At most 254
 * characters (RFC 5321 4.5.3.1.3, with the brackets of the path taken off), the local part at most 64.
 */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN_LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** What nearly all addresses are like. */
const USUAL = /^[a-z0-9]+(?:[._+-][a-z0-9]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

/** Says what is wrong with an address, in words for people; null when nothing is. */
export function addressFault(address: string): string | null {
  // One look instead of ten: a mail's addresses are looked at several times. None so short has a part that is too long.
  if (address.length <= 64 && USUAL.test(address)) return null;
  if (address === '') return 'is empty; write an address such as it@contoso.example';
  if (address.length > 254) return `is ${address.length} characters long; an address has at most 254`;
  if (/[\u0000-\u001f\u007f]/.test(address)) return 'contains a line break or another control character';
  if (/[,;]/.test(address)) return 'contains a comma or semicolon; write each address as an entry of its own';
  if (/\s/.test(address)) return 'contains a space';
  if (/[<>()"]/.test(address))
    return 'must be the address alone, without a name, brackets or quotation marks';
  const at = address.lastIndexOf('@');
  if (at < 0) return 'has no @; write an address such as it@contoso.example';
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (local === '') return 'has nothing before the @';
  if (domain === '') return 'has nothing after the @';
  if (local.includes('@')) return 'has more than one @; write each address as an entry of its own';
  if (local.length > 64) return `has ${local.length} characters before the @; at most 64 are allowed`;
  if (!/^[\u0020-\u007e]*$/.test(address))
    return 'contains a letter outside ASCII, which many mail servers refuse';
  if (!LOCAL_PART.test(local)) return 'has a part before the @ that no mail server takes as it stands';
  if (!domain.split('.').every((label) => DOMAIN_LABEL.test(label)))
    return 'has no valid host name after the @';
  return null;
}
