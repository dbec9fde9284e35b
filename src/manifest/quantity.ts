import { nearestWord } from '../core/index.ts';
import { durationUnits, sizeUnits } from './schema.ts';

/** A size in bytes: a number of bytes, or text such as `512MiB`. Undefined where it is neither. */
export function parseSize(value: string | number): number | undefined {
  return typeof value === 'number' ? value : scaled(value, sizeUnits);
}

/** A duration in milliseconds: a number of seconds, or text such as `30s`. Undefined where it is neither. */
export function parseDuration(value: string | number): number | undefined {
  return typeof value === 'number' ? Math.round(value * 1000) : scaled(value, durationUnits);
}

export function sizeHint(value: unknown): string | undefined {
  return unitHint(value, sizeUnits);
}

export function durationHint(value: unknown): string | undefined {
  return unitHint(value, durationUnits);
}

type Units = Readonly<Record<string, number>>;

function scaled(text: string, units: Units): number | undefined {
  const [, digits, unit] = /^([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]+)$/.exec(text) ?? [];
  const factor = unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : undefined;
  return factor === undefined ? undefined : Math.round(Number(digits) * factor);
}

/** What was likely meant: the same number with the nearest unit. */
function unitHint(value: unknown, units: Units): string | undefined {
  if (typeof value !== 'string') return undefined;
  const known = Object.keys(units);
  const [, digits, unit] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*$/.exec(value) ?? [];
  if (digits === undefined || unit === undefined) return `the units are ${known.join(', ')}`;
  const nearest =
    nearestWord(unit, known) ?? known.find((name) => name[0]?.toLowerCase() === unit[0]?.toLowerCase());
  return nearest === undefined
    ? `the units are ${known.join(', ')}`
    : `did you mean "${digits}${nearest}"? The units are ${known.join(', ')}`;
}
