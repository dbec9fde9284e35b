import { randomBytes, randomInt } from 'node:crypto';

/**
 * How a message carries its number: as a text, `verify-k3f9a2-0000000123`, or as an Integer. Either is of one run alone, so that what an earlier run left behind is
 * told apart.
 */
export interface Marker {
  /** Of the run: six digits and small letters. */
  readonly run: string;
  text(number: number): string;
  integer(number: number): number;
  /** The number in a value: the text anywhere in a Text, or the Integer itself; undefined where it is none of this run. */
  read(value: unknown): number | undefined;
}

/** Messages that a run may have. */
export const mostMessages = 2 ** 32 - 1;

const digits = 10;

export function createMarker(): Marker {
  const run = randomBytes(6)
    .map((byte) => byte % 36)
    .reduce((text, digit) => text + digit.toString(36), '');
  const prefix = `verify-${run}-`;
  // Runs differ in the upper 20 bits of 52, which every language's codec keeps.
  const base = randomInt(1, 2 ** 20) * 2 ** 32;
  return {
    run,
    text: (number) => prefix + String(number).padStart(digits, '0'),
    integer: (number) => base + number,
    read(value) {
      if (typeof value === 'number') {
        const number = value - base;
        return Number.isInteger(number) && number >= 0 && number <= mostMessages ? number : undefined;
      }
      if (typeof value !== 'string') return undefined;
      const at = value.indexOf(prefix);
      const number = at < 0 ? '' : value.slice(at + prefix.length, at + prefix.length + digits);
      return number.length === digits && /^\d+$/.test(number) ? Number(number) : undefined;
    },
  };
}
