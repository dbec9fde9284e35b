import { isAssignable } from './assignable.ts';
import { isOptional } from './is-optional.ts';
import { recordOf, sumOf } from './make-type.ts';
import type { Case, Field, Type } from './type.ts';
import { pathText, type TypePath } from './type-path.ts';

/** One place where two types are not the same. */
export interface TypeDifference {
  /** `field` and `case`: it is in one of the two records or sums alone; `optional`: a field that may be missing in one of them alone; `type`: anything else. */
  readonly kind: 'field' | 'case' | 'optional' | 'type';
  /** As in a Mismatch: `$.legs[].delay`, `$` for the whole. */
  readonly path: string;
  /** The field's or the case's own name; undefined for `type`. */
  readonly name: string | undefined;
  readonly before: Type | undefined;
  readonly after: Type | undefined;
  /** Why values of the former here do not do for the latter, as a clause; undefined where all of them do. */
  readonly forward: string | undefined;
  /** Why values of the latter here do not do for the former. */
  readonly backward: string | undefined;
}

/**
 * Every place where two types differ by structure, in the order in which they are written; names of types, the order of fields and the order of cases do
 * not count. All values of `before` do for `after` where no difference has a `forward`, and the other way round with `backward`: it is
 * {@link isAssignable}, told apart by places.
 */
export function typeDifferences(before: Type, after: Type): readonly TypeDifference[] {
  return [...compare(before, after, undefined)];
}

type Found = Generator<TypeDifference, void>;

function* compare(before: Type, after: Type, path: TypePath | undefined): Found {
  if (before === after) return;
  if (before.kind === 'named') yield* compare(before.target, after, path);
  else if (after.kind === 'named') yield* compare(before, after.target, path);
  else if (before.kind === 'list' && after.kind === 'list')
    yield* compare(before.item, after.item, { parent: path, segment: '[]' });
  else if (before.kind === 'map' && after.kind === 'map')
    yield* compare(before.item, after.item, { parent: path, segment: '{}' });
  else if (before.kind === 'optional' && after.kind === 'optional')
    yield* compare(before.item, after.item, path);
  else if (before.kind === 'tuple' && after.kind === 'tuple' && before.items.length === after.items.length) {
    for (const [index, item] of after.items.entries())
      yield* compare(before.items[index] ?? item, item, { parent: path, segment: `[${index}]` });
  } else if (before.kind === 'record' && after.kind === 'record')
    yield* compareFields(before.fields, after.fields, path);
  else if (before.kind === 'sum' && after.kind === 'sum')
    yield* compareCases(before.cases, after.cases, path);
  else if (before.kind !== after.kind || before.kind === 'tuple')
    yield difference('type', path, [before, after], [before, after]);
}

function* compareFields(
  before: readonly Field[],
  after: readonly Field[],
  path: TypePath | undefined,
): Found {
  for (const { name, was, is } of pairs(before, after)) {
    const inner: TypePath = { parent: path, name };
    if (was !== undefined && is !== undefined && isOptional(was) === isOptional(is))
      yield* compare(was.type, is.type, inner);
    // Whether a field may be missing is a matter of the record that it is in.
    else {
      const records = [recordOf(was ? [was] : []), recordOf(is ? [is] : [])] as const;
      const kind = was === undefined || is === undefined ? 'field' : 'optional';
      yield difference(kind, inner, [was?.type, is?.type], records);
    }
  }
}

function* compareCases(before: readonly Case[], after: readonly Case[], path: TypePath | undefined): Found {
  for (const { name, was, is } of pairs(before, after)) {
    const inner: TypePath = { parent: path, name };
    if (was !== undefined && is !== undefined) yield* compare(was.type, is.type, inner);
    else
      yield difference(
        'case',
        inner,
        [was?.type, is?.type],
        [sumOf(was ? [was] : []), sumOf(is ? [is] : [])],
      );
  }
}

/** What two lists have under each name: those of the former first, then what the latter has beyond them. */
function pairs<T extends Field>(before: readonly T[], after: readonly T[]) {
  const is = new Map(after.map((part) => [part.name, part]));
  const was = new Map(before.map((part) => [part.name, part]));
  const names = new Set([...was.keys(), ...is.keys()]);
  return [...names].map((name) => ({ name, was: was.get(name), is: is.get(name) }));
}

function difference(
  kind: TypeDifference['kind'],
  path: TypePath | undefined,
  [before, after]: readonly [Type | undefined, Type | undefined],
  [former, latter]: readonly [Type, Type],
): TypeDifference {
  return Object.freeze({
    kind,
    path: pathText(path),
    name: path?.name,
    before,
    after,
    forward: isAssignable(former, latter)?.reason,
    backward: isAssignable(latter, former)?.reason,
  });
}
