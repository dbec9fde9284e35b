import { printType } from './print.ts';
import type { Field, Type } from './type.ts';

/** Where a value of one type would not do for another. */
export interface Mismatch {
  /** From the whole value on: `$.legs[].delay`, `$.Click.user` inside a sum. */
  readonly path: string;
  /** What is there; undefined where a field or case is missing. */
  readonly from: Type | undefined;
  /** What is wanted; undefined where something is too much. */
  readonly to: Type | undefined;
  /** One clause for people. */
  readonly reason: string;
}

/**
 * Whether every value of `from` will do where `to` is wanted (structural, DESIGN "The type language"): a record where fewer fields are asked
 * for, T or no field at all for `optional T`, Integer for Double, anything for Json; a sum where its cases are among those asked for. Answers the first place
 * where the two part, or undefined. It is sound since a value of `from` holds exactly the declared fields.
 */
export function isAssignable(from: Type, to: Type): Mismatch | undefined {
  return compare(from, to, '$');
}

function compare(from: Type, to: Type, path: string): Mismatch | undefined {
  if (from.kind === 'named') return compare(from.target, to, path);
  if (to.kind === 'named') return compare(from, to.target, path);
  if (to.kind === 'json') return from.kind === 'void' ? parts(from, to, path) : undefined;
  if (to.kind === 'optional')
    return from.kind === 'optional' ? compare(from.item, to.item, path) : compare(from, to.item, path);
  switch (from.kind) {
    case 'optional':
      return { path, from, to, reason: `${printType(from)} may be missing, and ${printType(to)} may not` };
    case 'integer':
      return to.kind === 'integer' || to.kind === 'double' ? undefined : parts(from, to, path);
    case 'list':
      return to.kind === 'list' ? compare(from.item, to.item, `${path}[]`) : parts(from, to, path);
    case 'map':
      return to.kind === 'map' ? compare(from.item, to.item, `${path}{}`) : parts(from, to, path);
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

type Of<Kind extends Type['kind']> = Extract<Type, { readonly kind: Kind }>;

function compareTuples(from: Of<'tuple'>, to: Of<'tuple'>, path: string): Mismatch | undefined {
  if (from.items.length !== to.items.length) {
    return { path, from, to, reason: `a tuple of ${from.items.length} is not one of ${to.items.length}` };
  }
  for (const [index, item] of from.items.entries()) {
    const wanted = to.items[index];
    const mismatch = wanted === undefined ? undefined : compare(item, wanted, `${path}[${index}]`);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function compareRecords(from: readonly Field[], to: readonly Field[], path: string): Mismatch | undefined {
  for (const { name, type } of to) {
    const present = from.find((field) => field.name === name);
    const inner = `${path}.${name}`;
    if (present === undefined) {
      if (isOptional(type)) continue;
      return { path: inner, from: undefined, to: type, reason: `there is no field ${name}` };
    }
    const mismatch = compare(present.type, type, inner);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function compareSums(from: Of<'sum'>, to: Of<'sum'>, path: string): Mismatch | undefined {
  for (const { name, type } of from.cases) {
    const wanted = to.cases.find((one) => one.name === name);
    if (wanted === undefined)
      return {
        path: `${path}.${name}`,
        from: type,
        to: undefined,
        reason: `the case ${name} is not expected`,
      };
    const mismatch = compare(type, wanted.type, `${path}.${name}`);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function isOptional(type: Type): boolean {
  return type.kind === 'named' ? isOptional(type.target) : type.kind === 'optional';
}

function parts(from: Type, to: Type, path: string): Mismatch {
  return { path, from, to, reason: `${printType(from)} is not ${printType(to)}` };
}
