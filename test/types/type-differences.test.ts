import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAssignable, parseApi, sampleValues, type Type, typeDifferences } from '../../src/types/index.ts';
import { runs } from '../support/runs.ts';
import { anyType } from './support/arbitrary-type.ts';
import { verdictOf } from './support/oracle.ts';
import { similar } from './support/similar-types.ts';

/** What differs between the two types of `f : before -> after`, a line each. */
function differences(text: string, declared = ''): readonly string[] {
  const { api, diagnostics } = parseApi(`${declared}\nf : ${text}`);
  const [line] = api?.functions ?? [];
  if (line === undefined) throw new Error(JSON.stringify(diagnostics));
  return typeDifferences(line.input, line.output).map(
    ({ kind, path, forward, backward }) => `${kind} ${path} | ${forward ?? 'fits'} | ${backward ?? 'fits'}`,
  );
}

describe('the differences of two types', () => {
  test.each([
    ['Text -> Text', []],
    ['{ a: Text, b: Integer } -> { b: Integer, a: Text }', []],
    ['Integer -> Double', ['type $ | fits | Double is not Integer']],
    ['{ a: Text } -> { a: Text, b: Text }', ['field $.b | there is no field b | fits']],
    ['{} -> { b: optional Text }', ['field $.b | fits | fits']],
    [
      '{ a: Text } -> { a: optional Text }',
      ['optional $.a | fits | optional Text may be missing, and Text may not'],
    ],
    [
      '{ a: optional Text } -> { a: Json }',
      ['optional $.a | optional Text may be missing, and Json may not | Json is not Text'],
    ],
    [
      '[{ a: Text, b: Bytes }] -> [{ a: Integer }]',
      ['type $[].a | Text is not Integer | Integer is not Text', 'field $[].b | fits | there is no field b'],
    ],
    [
      '(Text, Text) -> (Text, Text, Text)',
      ['type $ | a tuple of 2 is not one of 3 | a tuple of 3 is not one of 2'],
    ],
    ['Void -> Text', ['type $ | Void is not Text | Text is not Void']],
  ])('are found each at its place: %s', (text, found) => {
    expect(differences(text)).toEqual(found);
  });

  test('are the cases that only one of two sums has, whatever the names of the types', () => {
    const events = 'type One = Click Text | Quit ()\ntype Two = Quit () | Click Text | Other ()\n';
    expect(differences('One -> Two', events)).toEqual([
      'case $.Other | fits | the case Other is not expected',
    ]);
  });

  test('are none between a type and itself, under whatever name', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(typeDifferences(type, structuredClone(type))).toEqual([]);
        expect(typeDifferences(type, { kind: 'named', name: 'Other', target: type })).toEqual([]);
      }),
    );
  });

  test('say in each direction what compatibility says of the whole', () => {
    let apart = 0;
    fc.assert(
      fc.property(similar, ([before, after]) => {
        const found = typeDifferences(before, after);
        if (found.length > 1) apart++;
        const fits = (way: 'forward' | 'backward') => found.every((each) => each[way] === undefined);
        expect(fits('forward')).toBe(isAssignable(before, after) === undefined);
        expect(fits('backward')).toBe(isAssignable(after, before) === undefined);
      }),
      runs(600),
    );
    expect(apart).toBeGreaterThan(30);
  });

  test('are some wherever a value tells the types apart', () => {
    const told = (from: Type, to: Type) =>
      sampleValues(from, 1, 12).some((text) => verdictOf(text, to, 'result') !== 'fits');
    fc.assert(
      fc.property(similar, ([before, after]) => {
        if (typeDifferences(before, after).length > 0) return;
        expect(told(before, after) || told(after, before)).toBe(false);
      }),
      runs(150),
    );
  });
});
