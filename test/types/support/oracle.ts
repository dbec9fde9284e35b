import type { Strictness, Type } from '../../../src/types/index.ts';

export type Verdict = 'fits' | 'mismatch' | 'malformed';

/** A JSON value with its numbers as they were written; of repeated keys JSON.parse keeps the last. */
type Value = null | boolean | string | Num | readonly Value[] | Map<string, Value>;

/** A number as it was written. */
class Num {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** What the validator should say, worked out slowly and in another way: by JSON.parse and a walk over the value. */
export function verdictOf(text: string, type: Type, strictness: Strictness): Verdict {
  const value = parse(text);
  if (value === undefined || depthOf(value) > 256) return 'malformed';
  return fits(value, type, strictness) ? 'fits' : 'mismatch';
}

/** The same for each element of an array; undefined where the text is no array, or one of its elements no JSON. */
export function verdictsOf(text: string, type: Type, strictness: Strictness): readonly Verdict[] | undefined {
  const value = parse(text);
  if (!Array.isArray(value) || depthOf(value) > 257) return undefined;
  return value.map((item: Value) => (fits(item, type, strictness) ? 'fits' : 'mismatch'));
}

function parse(text: string): Value | undefined {
  try {
    const value: Value = JSON.parse(
      text,
      (_key: string, plain: unknown, context?: { readonly source: string }) => {
        if (typeof plain === 'number') return new Num(context?.source ?? '');
        const isObject = typeof plain === 'object' && plain !== null && !Array.isArray(plain);
        return isObject ? new Map(Object.entries(plain)) : plain;
      },
    );
    return hasLoneSurrogate(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Repeated keys hide strings from JSON.parse's result: every string of the text is looked at. */
function hasLoneSurrogate(text: string): boolean {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].some(([literal]) => !JSON.parse(literal).isWellFormed());
}

function depthOf(value: Value): number {
  const parts = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : undefined;
  return parts === undefined ? 0 : 1 + Math.max(0, ...parts.map(depthOf));
}

function fits(value: Value, type: Type, strictness: Strictness): boolean {
  const inner = (part: Value, of: Type) => fits(part, of, strictness);
  switch (type.kind) {
    case 'named':
      return inner(value, type.target);
    case 'optional':
      return value === null || inner(value, type.item);
    case 'unit':
      return value === null;
    case 'void':
      return false;
    case 'boolean':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return value instanceof Num && isInteger(value.source);
    case 'double':
      return value instanceof Num && Number.isFinite(Number(value.source));
    case 'json':
      return isJson(value);
    case 'bytes':
      return typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value;
    case 'timestamp':
      return typeof value === 'string' && isTimestamp(value);
    case 'list':
      return Array.isArray(value) && value.every((item) => inner(item, type.item));
    case 'tuple':
      return (
        Array.isArray(value) &&
        value.length === type.items.length &&
        type.items.every((item, index) => inner(value[index] ?? null, item))
      );
    case 'map':
      return value instanceof Map && [...value.values()].every((item) => inner(item, type.item));
    case 'record': {
      if (!(value instanceof Map)) return false;
      const declared = type.fields.every((field) => {
        const part = value.get(field.name);
        return part === undefined
          ? inner(null, field.type) && isOptional(field.type)
          : inner(part, field.type);
      });
      const names = new Set(type.fields.map(({ name }) => name));
      return declared && (strictness === 'input' || [...value.keys()].every((name) => names.has(name)));
    }
    case 'sum': {
      if (!(value instanceof Map) || value.size !== 1) return false;
      return type.cases.some(
        (part) => value.has(part.name) && inner(value.get(part.name) ?? null, part.type),
      );
    }
    default:
      return type satisfies never;
  }
}

function isOptional(type: Type): boolean {
  return type.kind === 'named' ? isOptional(type.target) : type.kind === 'optional';
}

function isInteger(source: string): boolean {
  return /^-?[0-9]{1,1000}$/.test(source);
}

function isJson(value: Value): boolean {
  if (value instanceof Num)
    return isInteger(value.source) || (/[.eE]/.test(value.source) && Number.isFinite(Number(value.source)));
  if (Array.isArray(value)) return value.every(isJson);
  return value instanceof Map ? [...value.values()].every(isJson) : true;
}

function isTimestamp(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] =
    match.slice(1).map((part) => Number(part ?? 0));
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return (
    year >= 1 && isDay && hour <= 23 && minute <= 59 && second <= 59 && offsetHour <= 23 && offsetMinute <= 59
  );
}
