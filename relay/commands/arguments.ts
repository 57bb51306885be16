import { InvalidArgumentError } from 'commander';
import { addressFault } from '../../shared/address.ts';
import { CommandFailure, EXIT } from './exit.ts';

const DAY_MS = 24 * 60 * 60_000;

export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

export function address(text: string): string {
  const fault = addressFault(text);
  if (fault === null) return text;
  throw new InvalidArgumentError(`It ${fault}.`);
}

/** A day counts to its end in UTC; a moment as it stands; `never` is null. */
export function date(text: string): number | null {
  if (text === 'never') return null;
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return ms + DAY_MS;
    if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return ms;
  }
  throw new InvalidArgumentError(
    'It must be a day such as 2027-12-31, a moment such as 2027-12-31T12:00:00Z, or never.',
  );
}

export function httpUrl(text: string): string {
  const url = URL.parse(text);
  if (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.search === '' &&
    url.hash === '' &&
    url.username === ''
  )
    return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must be an address such as https://relay.example.');
}

/** The name of an installation: one line that can stand in a table. */
export function nameText(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= 200 && !/[\u0000-\u001f\u007f]/.test(name)) return name;
  throw new CommandFailure(EXIT.usage, 'NAME must be one line of 1 to 200 characters, such as front-desk.');
}

/** An option that was not given, as the rest of the program says it. */
export function optional<Value>(value: Value | undefined): Value | null {
  return value ?? null;
}
