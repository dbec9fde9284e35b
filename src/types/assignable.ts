import { isOptional, isOptionalType } from './is-optional.ts';
import { printType } from './print.ts';
import type { Field, Type } from './type.ts';
import { pathText, type TypePath } from './type-path.ts';

/** Where a value of one type would not do for another. */
export interface Mismatch {
  /** From the whole value on: `$.legs[].delay`, `$.prices{}` in a map, `$[0]` in a tuple, `$.Click.user` inside a sum. */
  readonly path: string;
  /** What is there; undefined where a field is missing. */
  readonly from: Type | undefined;
  /** What is wanted; undefined where a case is not expected. */
  readonly to: Type | undefined;
  /** One clause for people. */
  readonly reason: string;
}

/**
 * Whether every value of `from` will do where `to` is wanted (structural, DESIGN "The type language"): a record where fewer fields are
 * asked for, T or no field at all for `optional T`, Integer for Double, anything but Void for Json, which takes it as it stands; a sum where
 * its cases are among those asked for. Answers the first place where the two part, or undefined.
 *
 * It is sound since a value of `from` holds exactly the declared fields: what is a valid result of `from` is a valid input of `to`, but for
 * Integers beyond the largest Double. It is reflexive, and transitive but for one case that no stream of values can meet: a
 * type between two others may drop a field which the last one asks for again as optional, with another type.
 */
export function isAssignable(from: Type, to: Type): Mismatch | undefined {
  return compare(from, to, undefined);
}

type Of<Kind extends Type['kind']> = Extract<Type, { readonly kind: Kind }>;

function compare(from: Type, to: Type, path: TypePath | undefined): Mismatch | undefined {
  if (from === to) return undefined;
  if (from.kind === 'named') return compare(from.target, to, path);
  if (to.kind === 'named') return compare(from, to.target, path);
  if (to.kind === 'json' && from.kind !== 'void') return undefined;
  if (to.kind === 'optional') return compare(from.kind === 'optional' ? from.item : from, to.item, path);
  switch (from.kind) {
    case 'optional':
      return mayMiss(path, from, to);
    case 'integer':
      return to.kind === 'integer' || to.kind === 'double' ? undefined : parts(from, to, path);
    case 'list':
      return to.kind === 'list'
        ? compare(from.item, to.item, { parent: path, segment: '[]' })
        : parts(from, to, path);
    case 'map':
      return to.kind === 'map'
        ? compare(from.item, to.item, { parent: path, segment: '{}' })
        : parts(from, to, path);
    case 'tuple':
      return to.kind === 'tuple' ? compareTuples(from, to, path) : parts(from, to, path);
    case 'record':
      return to.kind === 'record' ? compareRecords(from.fields, to.fields, path) : parts(from, to, path);
    case 'sum':
      return to.kind === 'sum' ? compareSums(from, to, path) : parts(from, to, path);
    default:
      return from.kind === to.kind ? undefined : parts(from, to, path);
  }
}

function compareTuples(from: Of<'tuple'>, to: Of<'tuple'>, path: TypePath | undefined): Mismatch | undefined {
  if (from.items.length !== to.items.length) {
    return mismatch(path, from, to, `a tuple of ${from.items.length} is not one of ${to.items.length}`);
  }
  return first(to.items, (wanted, index) => {
    const item = from.items[index];
    return item && compare(item, wanted, { parent: path, segment: `[${index}]` });
  });
}

function compareRecords(
  from: readonly Field[],
  to: readonly Field[],
  path: TypePath | undefined,
): Mismatch | undefined {
  const present = new Map(from.map(({ name, type }) => [name, type]));
  return first(to, (field) => {
    const type = present.get(field.name);
    const inner: TypePath = { parent: path, name: field.name };
    if (isOptional(field)) return type && compare(type, field.type, inner);
    // Json takes null, but not that there is no field at all.
    if (type !== undefined)
      return isOptionalType(type) ? mayMiss(inner, type, field.type) : compare(type, field.type, inner);
    return mismatch(inner, undefined, field.type, `there is no field ${field.name}`);
  });
}

function compareSums(from: Of<'sum'>, to: Of<'sum'>, path: TypePath | undefined): Mismatch | undefined {
  const wanted = new Map(to.cases.map(({ name, type }) => [name, type]));
  return first(from.cases, ({ name, type }) => {
    const payload = wanted.get(name);
    const inner: TypePath = { parent: path, name };
    if (payload !== undefined) return compare(type, payload, inner);
    return mismatch(inner, type, undefined, `the case ${name} is not expected`);
  });
}

function mayMiss(path: TypePath | undefined, from: Type, to: Type): Mismatch {
  return mismatch(path, from, to, `${short(from)} may be missing, and ${short(to)} may not`);
}

function parts(from: Type, to: Type, path: TypePath | undefined): Mismatch {
  return mismatch(path, from, to, `${short(from)} is not ${short(to)}`);
}

function mismatch(
  path: TypePath | undefined,
  from: Type | undefined,
  to: Type | undefined,
  reason: string,
): Mismatch {
  return { path: pathText(path), from, to, reason };
}

/** A type as a clause can hold it. */
function short(type: Type): string {
  const text = printType(type);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

function first<T>(
  items: readonly T[],
  find: (item: T, index: number) => Mismatch | undefined,
): Mismatch | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
