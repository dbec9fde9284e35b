import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../src/stacks/contract/differences.ts';
import { stackFor } from '../../../src/stacks/stack-for.ts';
import { isAssignable, printType, type Type } from '../../../src/types/index.ts';
import { runs } from '../../support/runs.ts';

/** Types as code states them: without Json, which the check leaves open, and without Void. */
const types: fc.Arbitrary<Type> = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Type>(
      ...(['integer', 'double', 'boolean', 'text', 'bytes', 'timestamp', 'unit'] as const).map((kind) => ({
        kind,
      })),
    ),
    fc.record({ kind: fc.constantFrom('list', 'map'), item: tie('type') }),
    tie('type')
      .filter(({ kind }) => kind !== 'optional' && kind !== 'unit')
      .map((item): Type => ({ kind: 'optional', item })),
    fc.array(tie('type'), { minLength: 2, maxLength: 3 }).map((items): Type => ({ kind: 'tuple', items })),
    parts(tie('type'), ['a', 'b', 'c']).map((fields): Type => ({ kind: 'record', fields })),
    parts(tie('type'), ['A', 'B', 'C']).map((cases): Type => ({ kind: 'sum', cases })),
    tie('type').map((target): Type => ({ kind: 'named', name: 'N', target })),
  ),
})).type;

function parts(type: fc.Arbitrary<Type>, names: readonly string[]) {
  return fc.uniqueArray(fc.record({ name: fc.constantFrom(...names), type }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ name }) => name,
  });
}

const { words } = stackFor('python');
const input = { direction: 'input', path: 'x', place: undefined, words } as const;
const output = { direction: 'output', path: 'result', place: undefined, words } as const;

const known = (type: Type) => ({ kind: 'known', type, text: printType(type) }) as const;

describe('differences of types that are all stated', () => {
  it('for an input are found exactly where the declared type is not assignable to the code’s', () => {
    fc.assert(
      fc.property(types, types, (declared, code) => {
        const found = differences(declared, known(code), input);
        expect(found.length === 0).toBe(isAssignable(declared, code) === undefined);
      }),
      runs(1_000),
    );
  });

  it('for a result are found wherever the code’s type is not assignable to the declared one', () => {
    fc.assert(
      fc.property(types, types, (declared, code) => {
        if (differences(declared, known(code), output).length === 0) {
          expect(isAssignable(code, declared)).toBeUndefined();
        }
      }),
      runs(1_000),
    );
  });

  it('do not exist between a type and itself, in either direction', () => {
    fc.assert(
      fc.property(types, (type) => {
        expect(differences(type, known(type), input)).toEqual([]);
        expect(differences(type, known(type), output)).toEqual([]);
      }),
    );
  });
});
