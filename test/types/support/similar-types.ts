import fc from 'fast-check';
import type { Type } from '../../../src/types/index.ts';
import { recordOf } from '../../../src/types/make-type.ts';
import { anyType } from './arbitrary-type.ts';

/** A type and one that is like it, so that many pairs fit: a few of its parts are widened, dropped or exchanged. */
export const similar: fc.Arbitrary<readonly [Type, Type]> = anyType.chain((type) =>
  fc.tuple(fc.constant(type), alike(type)),
);

export function alike(type: Type): fc.Arbitrary<Type> {
  const inner = parts(type);
  return fc.oneof(
    { weight: 8, arbitrary: inner },
    {
      weight: 2,
      arbitrary: inner.map((item): Type => (mayBeOptional(item) ? { kind: 'optional', item } : item)),
    },
    { weight: 1, arbitrary: fc.constantFrom<Type>({ kind: 'json' }, { kind: 'double' }, { kind: 'text' }) },
  );
}

function parts(type: Type): fc.Arbitrary<Type> {
  switch (type.kind) {
    case 'named':
      return alike(type.target);
    case 'integer':
      return fc.constantFrom<Type>(type, { kind: 'double' });
    case 'list':
    case 'map':
      return alike(type.item).map((item) => ({ kind: type.kind, item }));
    case 'optional':
      return parts(type.item).map((item) => (mayBeOptional(item) ? { kind: 'optional', item } : item));
    case 'tuple':
      return fc.tuple(...type.items.map(alike)).map((items) => ({ kind: 'tuple', items }));
    case 'record':
      return fc
        .tuple(...type.fields.map((field) => alike(field.type).map((of) => ({ name: field.name, type: of }))))
        .chain((fields) => fc.shuffledSubarray(fields))
        .map(recordOf);
    case 'sum':
      return fc.shuffledSubarray([...type.cases], { minLength: 1 }).map((cases) => ({ kind: 'sum', cases }));
    default:
      return fc.constant(type);
  }
}

function mayBeOptional(type: Type): boolean {
  const bare = type.kind === 'named' ? type.target : type;
  return bare.kind !== 'json' && bare.kind !== 'unit' && bare.kind !== 'optional' && bare.kind !== 'named';
}
