import { describe, expect, test } from 'vitest';
import { compileValidator, parseApi, parseType, type Strictness } from '../../src/types/index.ts';
import { verdictOf } from './support/oracle.ts';

/** Values near which each byte counts. */
const values = [
  ['Timestamp', '"2024-02-29T19:39:59.09Z"'],
  ['Timestamp', '"1999-12-31T23:59:59+19:30"'],
  ['Timestamp', '"0009-09-09T09:09:09-00:09"'],
  ['Bytes', '"QUJD"'],
  ['Bytes', '"QUI="'],
  ['Bytes', '"QQ=="'],
  ['Text', '"\\u09aF\\ud83d\\udc00\\n"'],
  ['Text', '"\\uDBFF\\uDFFF\\/"'],
  ['Integer', '-1090'],
  ['Double', '-10.09e-19'],
  ['Double', '1E+308'],
  ['Json', '[0.9,{"a":10},"\\"",-0]'],
  ['()', 'null'],
  ['Boolean', 'true'],
  ['Boolean', 'false'],
  ['[Integer]', '[10, 9]'],
  ['Map Boolean', '{"a":true ,"b":false}'],
  ['(Integer, ())', ' [9,null]'],
  ['{ a: Integer, ab: optional Text }', '{"a":1,"ab":"x"}'],
  ['{ a: Integer, ab: optional Text }', '{"ab":null,"a":10}'],
  ['Event', '{"Moved":[10]}'],
  ['Event', '{ "Quit" : null}'],
] as const;

const event = 'type Event = Moved [Integer] | Quit ()';

/** Every byte of ASCII, and letters of two and four bytes. */
const letters = [...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)), 'é', '🙂'];

describe('every change of one letter is judged as the oracle does', () => {
  test.each(
    values.flatMap(([type, text]) =>
      // Only fields that are not declared make a difference.
      (type.startsWith('{') ? (['input', 'result'] as const) : (['result'] as const)).map(
        (strictness) => [type, text, strictness] as const,
      ),
    ),
  )('%s %s as %s', (name, text, strictness: Strictness) => {
    const { type } = parseType(name, undefined, parseApi(event).api?.types);
    if (type === undefined) throw new Error(`no type: ${name}`);
    const validator = compileValidator(type, strictness);
    const differing: string[] = [];
    const judge = (changed: string) => {
      const bytes = Buffer.from(changed);
      const verdict = validator.check(bytes, 0, bytes.length)?.kind ?? 'fits';
      const expected = verdictOf(changed, type, strictness);
      if (verdict !== expected) differing.push(`${changed} is ${expected}, not ${verdict}`);
    };
    judge(text);
    for (let at = 0; at < text.length; at++) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)];
      judge(before + after);
      for (const letter of letters) {
        judge(before + letter + after);
        judge(before + letter + text[at] + after);
      }
    }
    expect(differing).toEqual([]);
  });
});
