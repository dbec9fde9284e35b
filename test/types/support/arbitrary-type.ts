import fc from 'fast-check';
import type { Api, ScalarKind, Type } from '../../../src/types/index.ts';
import {
  listOf,
  mapOf,
  named,
  optionalOf,
  recordOf,
  scalar,
  sumOf,
  tupleOf,
} from '../../../src/types/make-type.ts';
import { nullIn } from '../../../src/types/null-in.ts';

const scalarKinds: readonly ScalarKind[] = [
  'integer',
  'double',
  'boolean',
  'text',
  'bytes',
  'timestamp',
  'json',
  'unit',
];

const words = [
  'id',
  'type',
  'optional',
  'fun',
  'Map',
  'delay',
  'origin',
  '_x9',
  'a',
  'b',
  'c',
  '__proto__',
  'constructor',
];

/** Names of fields: plain words, and what only quotes can hold. */
export const fieldName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/^\d+$/.test(text)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'two words',
      'quo"te',
      'back\\slash',
      'line\nbreak',
      '\u0000',
      'ünï',
      "'];x['",
    ),
  },
);

const caseName = fc.constantFrom('Click', 'Quit', 'Moved', 'A', 'B', 'Other_1');
const typeName = fc.constantFrom('Flight', 'Leg', 'Event', 'Point', 'X1', 'Some_Name');

/** Any type that the language can say, Void left out; `pool` are names that may be used. */
export function typeArbitrary(pool: readonly Type[] = [], depth = 4): fc.Arbitrary<Type> {
  const { type } = fc.letrec<{ type: Type }>((tie) => ({
    type: fc.oneof(
      { maxDepth: depth, depthSize: 'small' },
      ...[fc.constantFrom(...scalarKinds).map(scalar)],
      ...(pool.length === 0 ? [] : [fc.constantFrom(...pool)]),
      tie('type').map(listOf),
      tie('type').map(mapOf),
      tie('type').map((item) => (nullIn(item) === undefined ? optionalOf(item) : item)),
      fc.array(tie('type'), { minLength: 2, maxLength: 3 }).map(tupleOf),
      recordArbitrary(tie('type')),
    ),
  }));
  return type;
}

function recordArbitrary(item: fc.Arbitrary<Type>): fc.Arbitrary<Type> {
  return fc
    .uniqueArray(fc.record({ name: fieldName, type: item }), { maxLength: 5, selector: ({ name }) => name })
    .map(recordOf);
}

function sumArbitrary(item: fc.Arbitrary<Type>): fc.Arbitrary<Type> {
  const one = fc.record({ name: caseName, type: fc.oneof(fc.constant(scalar('unit')), item) });
  return fc.uniqueArray(one, { minLength: 1, maxLength: 4, selector: ({ name }) => name }).map(sumOf);
}

/** Any type, with sums and records that have names. */
export const anyType: fc.Arbitrary<Type> = fc
  .uniqueArray(
    fc.tuple(typeName, fc.oneof(sumArbitrary(typeArbitrary([], 2)), recordArbitrary(typeArbitrary([], 2)))),
    { minLength: 1, maxLength: 3, selector: ([name]) => name },
  )
  .chain((declared) => typeArbitrary(declared.map(([name, target]) => named(name, target))));

/** Any API: each declared type may use those declared before it; declarations come in any order. */
export const anyApi: fc.Arbitrary<Api> = fc
  .uniqueArray(typeName, { maxLength: 4 })
  .chain((names) => declare(names, []))
  .chain((declared) => {
    const pool = declared.map(({ name, type }) => named(name, type));
    const side = fc.oneof({ weight: 5, arbitrary: typeArbitrary(pool, 3) });
    const line = fc.record({
      name: fc.constantFrom('analyse', 'score', 'optional', 'type', 'fun', 'Map', 'f1'),
      input: side,
      output: side,
    });
    return fc.record({
      types: fc.shuffledSubarray([...declared], { minLength: declared.length }),
      functions: fc.uniqueArray(line, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    });
  });

type Declared = readonly { readonly name: string; readonly type: Type }[];

function declare(names: readonly string[], done: Declared): fc.Arbitrary<Declared> {
  const [name, ...others] = names;
  if (name === undefined) return fc.constant(done);
  const pool = done.map((declared) => named(declared.name, declared.type));
  const inner = typeArbitrary(pool, 2);
  return fc.oneof(sumArbitrary(inner), inner).chain((type) => declare(others, [...done, { name, type }]));
}
