import { describe, expect, test } from 'vitest';
import { compileValidator, parseApi, parseType } from '../../src/types/index.ts';

const event = 'type Event = Click { user: Text } | Quit ()';

function validatorOf(text: string) {
  const { type, diagnostics } = parseType(text, undefined, parseApi(event).api?.types);
  if (type === undefined) throw new Error(JSON.stringify(diagnostics));
  return compileValidator(type, 'result');
}

/** A type, a text that fits it, and what stands behind the text in the same buffer and would mean something else there. */
const followed = [
  ['Integer', '123', '456'],
  ['Integer', '12', '.5'],
  ['Integer', '12', 'e5'],
  ['Integer', '-0', '1'],
  ['Double', '1', 'e400'],
  ['Double', '1.5', 'e400'],
  ['Double', '12', 'e'],
  ['Double', '0', '.'],
  ['Json', '1', '.'],
  ['Json', '0', '123'],
  ['Json', '[1]', ']'],
  ['Text', '"a"', '"b"'],
  ['Integer', '7  ', 'x'],
  ['Boolean', 'true', 'true'],
  ['[Integer]', '[1]', ',2]'],
  ['{ a: Integer }', '{"a":1}', '}'],
] as const;

/** Texts of which no shorter beginning is a value. */
const closed = [
  ['Text', '"a\\u0041é\\ud83d\\ude42"'],
  ['Boolean', 'true'],
  ['Boolean', 'false'],
  ['()', 'null'],
  ['Bytes', '"QUJD"'],
  ['Timestamp', '"2001-01-01T00:00:00.5+01:00"'],
  ['[Integer]', ' [ 1 , 2 ]'],
  ['Map Integer', '{"a":1,"b":22}'],
  ['(Integer, Double)', '[1,1.5e3]'],
  ['{ a: Integer, b: optional Text }', '{"a":1,"b":null}'],
  ['Event', '{"Click":{"user":"x"}}'],
  ['Json', '[{"a":"\\u0041"},-1.5e-3,true,null]'],
] as const;

describe('a value is judged by the bytes between start and end alone', () => {
  test.each(followed)('as %s, %j with %j behind it', (type, text, rest) => {
    const bytes = Buffer.from(text + rest);
    expect(validatorOf(type).check(bytes, 0, text.length)).toBeUndefined();
    const later = Buffer.from(`1"[${text}${rest}`);
    expect(validatorOf(type).check(later, 3, 3 + text.length)).toBeUndefined();
  });

  test.each(closed)('as %s, %j cut anywhere', (type, text) => {
    const validator = validatorOf(type);
    const bytes = Buffer.from(text);
    expect(validator.check(bytes, 0, bytes.length)).toBeUndefined();
    for (let end = 0; end < bytes.length; end++) {
      const fault = validator.check(bytes, 0, end);
      expect(fault, bytes.toString('utf8', 0, end)).toMatchObject({ kind: 'malformed' });
      expect(fault?.offset).toBeLessThanOrEqual(end);
      // The same as if the buffer ended there.
      expect(fault).toEqual(validator.check(bytes.subarray(0, end), 0, end));
    }
  });

  test('in a view of a larger buffer, where offsets are those of the view', () => {
    const view = Buffer.from('12[1,"x"]34').subarray(2, 9);
    expect(validatorOf('[Integer]').check(view, 0, 7)).toMatchObject({ offset: 3, path: '$[1]' });
    expect(validatorOf('[Integer]').check(new Uint8Array(view), 0, 7)).toMatchObject({ offset: 3 });
  });
});

describe('an array is scanned between start and end alone', () => {
  const text = '[1, {"a":2}, "]", 1.5e3 , [7], "x"]';

  test.each(['Json', 'Integer', 'Text', '[Integer]'])('as elements of %s, cut anywhere', (type) => {
    const validator = validatorOf(type);
    const bytes = Buffer.from(`${text}, 8]`);
    for (let end = 0; end < text.length; end++)
      expect(validator.scanArray(bytes, 0, end), text.slice(0, end)).toMatchObject({ kind: 'malformed' });
    expect(validator.scanArray(bytes, 0, text.length)).toMatchObject({ count: 6, end: text.length });
  });

  test('when it would go on as numbers that fit', () => {
    const bytes = Buffer.from('[12,34,56]');
    for (let end = 0; end < bytes.length; end++)
      expect(validatorOf('Integer').scanArray(bytes, 0, end)).toMatchObject({ kind: 'malformed' });
  });

  test('when it begins anywhere in a frame', () => {
    const frame = Buffer.from('{"result":[1,2],"id":7}');
    expect(validatorOf('Integer').scanArray(frame, 10, frame.length)).toMatchObject({ count: 2, end: 15 });
    expect(validatorOf('Integer').scanArray(frame, 9, frame.length)).toMatchObject({ kind: 'malformed' });
  });
});

describe('an array of more elements than were asked for', () => {
  const scan = (text: string, most: number) =>
    validatorOf('Text').scanArray(Buffer.from(text), 0, text.length, most);

  test('ends at the first beyond them that does not fit', () => {
    expect(scan('["a",1,2,3]', 2)).toMatchObject({ kind: 'malformed', offset: 7, path: '$' });
    expect(scan('["a",1]', 2)).toMatchObject({ count: 2, misfits: [{ index: 1 }] });
    expect(scan('[1]', 0)).toMatchObject({ kind: 'malformed' });
    expect(scan('[]', 0)).toMatchObject({ count: 0 });
  });

  test('has its count told where all fit', () => {
    expect(scan('["a","b","c"]', 2)).toMatchObject({ count: 3, misfits: [] });
  });

  test('costs one fault, however many there are', () => {
    expect(scan(`[${'1,'.repeat(4_000_000)}1]`, 64)).toMatchObject({ kind: 'malformed' });
  });
});

describe('nesting ends at 256 containers', () => {
  const others = Array.from({ length: 70 }, (_, index) => `f${index}: optional Text`).join(', ');
  test.each([
    ['Json', '[', ']'],
    ['[Json]', '[', ']'],
    ['(Text, Json)', '["",', ']'],
    ['Map Json', '{"a":', '}'],
    ['{ a: Json }', '{"a":', '}'],
    ['{ a: Json, b: Text }', '{"b":"","a":', '}'],
    ['{ a: optional { b: Json } }', '{"a":{"b":', '}}'],
    [`{ a: Json, ${others} }`, '{"f1":"","a":', '}'],
    ['Deep', '{"Much":', '}'],
    ['[(Text, Deep)]', '[["",{"Much":', '}]]'],
  ])('inside %.40s', (name, open, close) => {
    const { type } = parseType(name, undefined, parseApi('type Deep = Much Json | Little ()').api?.types);
    if (type === undefined) throw new Error(`no type: ${name}`);
    const around = close.length;
    for (const [inner, kind] of [
      [256 - around, undefined],
      [257 - around, 'malformed'],
    ] as const) {
      const text = open + '['.repeat(inner) + ']'.repeat(inner) + close;
      const validator = compileValidator(type, 'input');
      expect(validator.check(Buffer.from(text), 0, text.length)?.kind).toBe(kind);
      const scan = validator.scanArray(Buffer.from(`[${text}]`), 0, text.length + 2);
      expect('kind' in scan ? scan.kind : undefined).toBe(kind);
    }
  });

  test('inside a field that an input does not declare', () => {
    const check = (type: string, text: string) => {
      const of = parseType(type).type;
      if (of === undefined) throw new Error(`no type: ${type}`);
      return compileValidator(of, 'input').check(Buffer.from(text), 0, text.length)?.kind;
    };
    for (const type of ['{}', '{ a: optional Text }', `{ ${others} }`]) {
      expect(check(type, `{"x":${'['.repeat(255)}${']'.repeat(255)}}`)).toBeUndefined();
      expect(check(type, `{"x":${'['.repeat(256)}${']'.repeat(256)}}`)).toBe('malformed');
    }
  });
});

describe('the fields of a record', () => {
  const permutations = (names: readonly string[]): string[][] =>
    names.length === 0
      ? [[]]
      : names.flatMap((name) =>
          permutations(names.filter((other) => other !== name)).map((others) => [name, ...others]),
        );

  test('stand in any order, none missing, though one name begins another', () => {
    const values: Record<string, string> = { a: '1', b: '"x"', ab: '[1.5]', abc: '{"a":true}' };
    const validator = validatorOf('{ a: Integer, b: Text, ab: [Double], abc: { a: Boolean } }');
    const check = (text: string) => validator.check(Buffer.from(text), 0, text.length);
    for (const names of permutations(Object.keys(values))) {
      const members = names.map((name) => `"${name}":${values[name]}`);
      expect(check(`{${members.join(',')}}`), names.join()).toBeUndefined();
      expect(check(`{${members.slice(1).join(',')}}`), names.join()).toMatchObject({ path: `$.${names[0]}` });
    }
  });

  test('are not there because every object of JavaScript has them', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      const check = (type: string, text: string) =>
        validatorOf(type).check(Buffer.from(text), 0, text.length);
      expect(check(`{ ${name}: Json }`, '{}'), name).toMatchObject({ path: `$.${name}` });
      expect(check('{ a: optional Text }', `{"${name}":1}`), name).toMatchObject({ path: `$.${name}` });
      expect(check('Event', `{"${name}":null}`), name).toMatchObject({ kind: 'mismatch' });
      expect(check('Map Integer', `{"${name}":1}`), name).toBeUndefined();
    }
  });
});
