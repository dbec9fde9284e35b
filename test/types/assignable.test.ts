import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compileValidator,
  isAssignable,
  parseApi,
  printType,
  sampleValues,
  type Type,
} from '../../src/types/index.ts';
import { runs } from '../support/runs.ts';
import { anyType } from './support/arbitrary-type.ts';
import { verdictOf } from './support/oracle.ts';
import { alike, similar } from './support/similar-types.ts';

/** The input and the output of `f : from -> to`, with whatever types are declared before it. */
function pair(text: string, declared = ''): readonly [Type, Type] {
  const { api, diagnostics } = parseApi(`${declared}\nf : ${text}`);
  const [line] = api?.functions ?? [];
  if (line === undefined) throw new Error(JSON.stringify(diagnostics));
  return [line.input, line.output];
}

const events =
  'type One = Click Text | Quit ()\ntype Two = Quit () | Click Text | Other ()\ntype Odd = Click Integer | Quit ()';

describe('a type', () => {
  test.each([
    'Integer -> Double',
    'Text -> optional Text',
    'Integer -> optional Double',
    'optional Integer -> optional Double',
    '{ a: Text, b: Text } -> { b: Text }',
    '{ a: Text } -> {}',
    '{} -> { a: optional Text }',
    '{ a: Text } -> { a: optional Text }',
    '[{ a: Integer }] -> [{ a: Double }]',
    'Map Integer -> Map Double',
    '(Integer, Text) -> (Double, optional Text)',
    'One -> Two',
    'One -> Json',
    'optional Text -> Json',
    '() -> Json',
  ])('fits: %s', (text) => {
    const [from, to] = pair(text, events);
    expect(isAssignable(from, to)).toBeUndefined();
  });

  test.each([
    ['Double -> Integer', '$', 'Double is not Integer'],
    ['Text -> Bytes', '$', 'Text is not Bytes'],
    ['Text -> Timestamp', '$', 'Text is not Timestamp'],
    ['Json -> Text', '$', 'Json is not Text'],
    ['() -> optional Text', '$', '() is not Text'],
    ['optional Text -> Text', '$', 'optional Text may be missing, and Text may not'],
    ['Text -> [Text]', '$', 'Text is not [Text]'],
    ['[Text] -> (Text, Text)', '$', '[Text] is not (Text, Text)'],
    ['{ a: Text } -> Map Text', '$', '{ a: Text } is not Map Text'],
    [
      '{ legs: [{ delay: Text }] } -> { legs: [{ delay: Integer }] }',
      '$.legs[].delay',
      'Text is not Integer',
    ],
    ['Map [Text] -> Map [Integer]', '$' + '{}[]', 'Text is not Integer'],
    ['(Text, Text) -> (Text, Integer)', '$[1]', 'Text is not Integer'],
    ['(Text, Text) -> (Text, Text, Text)', '$', 'a tuple of 2 is not one of 3'],
    ['{ a: Text } -> { a: Text, b: Text }', '$.b', 'there is no field b'],
    ['{ a: optional Text } -> { a: Json }', '$.a', 'optional Text may be missing, and Json may not'],
    ['{ "a b": Text } -> { "a b": Integer }', '$["a b"]', 'Text is not Integer'],
    ['Two -> One', '$.Other', 'the case Other is not expected'],
    ['One -> Odd', '$.Click', 'Text is not Integer'],
    ['Void -> Json', '$', 'Void is not Json'],
  ])('does not fit, and it is said where: %s', (text, path, reason) => {
    const [from, to] = pair(text, events);
    expect(isAssignable(from, to)).toMatchObject({ path, reason });
  });

  test('that is missing has no from, a case that is too much no to', () => {
    expect(isAssignable(...pair('{} -> { a: Text }'))).toMatchObject({
      from: undefined,
      to: { kind: 'text' },
    });
    expect(isAssignable(...pair('Two -> One', events))).toMatchObject({
      from: { kind: 'unit' },
      to: undefined,
    });
  });
});

describe('the laws of compatibility', () => {
  test('each type fits itself', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(isAssignable(type, structuredClone(type))).toBeUndefined();
      }),
    );
  });

  test('what fits the middle fits the end, unless a field was dropped and asked for again as an optional one', () => {
    const triples = similar.chain(([a, b]) => fc.oneof(alike(b), alike(a)).map((c) => [a, b, c] as const));
    let chains = 0;
    fc.assert(
      fc.property(triples, ([a, b, c]) => {
        if (isAssignable(a, b) !== undefined || isAssignable(b, c) !== undefined) return;
        chains++;
        const mismatch = isAssignable(a, c);
        if (mismatch !== undefined)
          expect(droppedIn(b, c), `${printType(a)} | ${printType(b)} | ${printType(c)}`).toBe(true);
      }),
      runs(800),
    );
    expect(chains).toBeGreaterThan(40);
  });

  test('a valid result of the one is a valid input of the other', () => {
    let pairs = 0;
    fc.assert(
      fc.property(similar, fc.nat(), ([from, to], seed) => {
        if (isAssignable(from, to) !== undefined) return;
        pairs++;
        for (const text of sampleValues(from, seed, 8)) {
          // The stated exception: a double cannot hold an Integer of 1,000 digits.
          const value = Buffer.from(text.replaceAll('7'.repeat(1_000), '7'));
          expect(compileValidator(from, 'result').check(value, 0, value.length)).toBeUndefined();
          const fault = compileValidator(to, 'input').check(value, 0, value.length);
          expect(fault, `${printType(from)} -> ${printType(to)}: ${value}`).toBeUndefined();
        }
      }),
      runs(250),
    );
    expect(pairs).toBeGreaterThan(50);
  });

  test('what does not fit has a value that shows it', () => {
    const differing = similar.filter(([from, to]) => isAssignable(from, to) !== undefined);
    let shown = 0;
    fc.assert(
      fc.property(differing, ([from, to]) => {
        if (sampleValues(from, 1, 40).some((text) => verdictOf(text, to, 'input') !== 'fits')) shown++;
      }),
      runs(100),
    );
    // Lists may stay empty and optionals null in all samples; most pairs are told apart all the same.
    expect(shown).toBeGreaterThan(80);
  });
});

/** Whether `to` asks somewhere for an optional field that `from` does not have. */
function droppedIn(from: Type, to: Type): boolean {
  if (from.kind === 'named') return droppedIn(from.target, to);
  if (to.kind === 'named') return droppedIn(from, to.target);
  if (to.kind === 'optional') return droppedIn(from.kind === 'optional' ? from.item : from, to.item);
  if ((from.kind === 'list' && to.kind === 'list') || (from.kind === 'map' && to.kind === 'map')) {
    return droppedIn(from.item, to.item);
  }
  if (from.kind === 'tuple' && to.kind === 'tuple') {
    return to.items.some((item, index) => droppedIn(from.items[index] ?? item, item));
  }
  const [have, want] = [membersOf(from), membersOf(to)];
  return want.some(({ name, type }) => {
    const there = have.find((member) => member.name === name);
    return there === undefined ? to.kind === 'record' : droppedIn(there.type, type);
  });
}

function membersOf(type: Type): readonly { readonly name: string; readonly type: Type }[] {
  return type.kind === 'record' ? type.fields : type.kind === 'sum' ? type.cases : [];
}
