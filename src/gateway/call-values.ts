import { RequestError } from './request-error.ts';
import type { Call } from './router.ts';

/** How many entries of a list a call asks for. */
export function most(call: Call): number {
  return wholeNumber(call, 'most', 100, 1, 10_000);
}

/** The id of a dead letter in the path. */
export function letterId({ parameters: { id = '' } }: Call): number {
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new RequestError(
    400,
    'usage',
    `the id of a dead letter is a whole number, not ${JSON.stringify(id)}`,
  );
}

/** A whole number of the query, or `standard` where it is left out; throws RequestError 400 where it is none, or out of bounds. */
export function wholeNumber(
  { query }: Call,
  name: string,
  standard: number,
  least: number,
  greatest = 1e15,
): number {
  const written = query.get(name);
  if (written === null) return standard;
  const value = /^\d{1,15}$/.test(written) ? Number(written) : Number.NaN;
  if (value >= least && value <= greatest) return value;
  throw new RequestError(
    400,
    'usage',
    `${name} is a whole number from ${least} to ${greatest}, not ${JSON.stringify(written)}`,
  );
}
