import { expect, test } from 'vitest';
import { generateAcceptor } from '../../src/types/generate-acceptor.ts';
import { parseApi, parseType } from '../../src/types/index.ts';

const event = 'type Event = Moved [Integer] | Quit ()';
const wide = Array.from({ length: 100 }, (_, index) => `field_${index}`);
const wideText = (names: readonly string[]) => `{${names.map((name) => `"${name}":1`).join(', ')}}`;

/** What services write all day: leaving it to the slow check would be right, and many times slower. */
test.each([
  ['Integer', '-120'],
  ['Double', '-1.5e-3'],
  ['Double', '1e300'],
  ['Text', '"a \\"line\\"\\n\\u00e9\\ud83d\\ude42 é"'],
  ['Boolean', 'false'],
  ['()', 'null'],
  ['Bytes', '"QUI="'],
  ['Timestamp', '"2001-01-01T00:00:00.123+01:00"'],
  ['Json', '{"a":[1.5,{},"x",null]}'],
  ['optional Integer', 'null'],
  ['[optional Integer]', '[1, null , 3]'],
  ['Map Integer', '{"a":1 , "b" : 2}'],
  ['(Integer, Text)', '[ 1 , "a" ]'],
  ['Event', '{ "Moved" : [1, 2] }'],
  ['Event', '{"Quit":null}'],
  ['{ a: Integer, b: optional Text, c: Double }', '{"a": 1, "b": "x", "c": 1.5}'],
  ['{ a: Integer, b: optional Text, c: Double }', '{"a":1,"c":1.5}'],
  ['{ a: Integer, b: optional Text, c: Double }', '{"c":1.5,"b":null,"a":1}'],
  ['{ a: Integer, b: optional Text }', '{"a":1,"a":2}'],
  ['{}', '{ }'],
  [`{ ${wide.map((name) => `${name}: Integer`).join(', ')} }`, wideText(wide)],
  [`{ ${wide.map((name) => `${name}: Integer`).join(', ')} }`, wideText(wide.toReversed())],
])('the quick look is sure of %.40s in %.60j', (name, text) => {
  const { type } = parseType(name, undefined, parseApi(event).api?.types);
  if (type === undefined) throw new Error(`no type: ${name}`);
  const bytes = Buffer.from(text);
  for (const strictness of ['input', 'result'] as const)
    expect(generateAcceptor(type, strictness).value(bytes, 0, bytes.length)).toBe(bytes.length);
});

test('the quick look is sure of inputs with fields that are not declared', () => {
  const bytes = Buffer.from('{"x":{"y":[1]},"a":1,"z":"\\n"}');
  const { type = { kind: 'void' } } = parseType('{ a: Integer }');
  expect(generateAcceptor(type, 'input').value(bytes, 0, bytes.length)).toBe(bytes.length);
  expect(generateAcceptor(type, 'result').value(bytes, 0, bytes.length)).toBe(-1);
});

test('the quick look takes all elements that there is room for', () => {
  const bytes = Buffer.from('[1,2 , 3,4,5]');
  const { type = { kind: 'void' } } = parseType('Integer');
  const [starts, ends] = [new Int32Array(4), new Int32Array(4)];
  expect(generateAcceptor(type, 'input').elements(bytes, 1, bytes.length, 0, starts, ends)).toBe(4);
  expect([...starts, ...ends]).toEqual([1, 3, 7, 9, 2, 4, 8, 10]);
});
