import { describe, expect, test } from 'vitest';
import { compileValidator, parseApi, parseType, type Strictness, type Type } from '../../src/types/index.ts';
import { recordOf, scalar } from '../../src/types/make-type.ts';

function typeOf(text: string, declared = ''): Type {
  const { api, diagnostics } = parseApi(`${declared}\nf : ${text} -> ()`);
  const [line] = api?.functions ?? [];
  if (line === undefined) throw new Error(JSON.stringify(diagnostics));
  return line.input;
}

function faultOf(type: Type, text: string, strictness: Strictness = 'input') {
  const bytes = Buffer.from(text);
  return compileValidator(type, strictness).check(bytes, 0, bytes.length);
}

const check = (type: string, text: string, strictness?: Strictness) =>
  faultOf(typeOf(type), text, strictness)?.kind ?? 'fits';

describe('the table of values', () => {
  test.each(['1.0', '1e2', '1.9', '"12"', 'null', 'true', '[]', '1'.repeat(1_001), `-${'1'.repeat(1_001)}`])(
    'has no Integer %.20s',
    (text) => expect(check('Integer', text)).toBe('mismatch'),
  );

  test.each(['0', '-0', '7'.repeat(60), '7'.repeat(1_000), `-${'7'.repeat(1_000)}`, '9007199254740993'])(
    'has the Integer %.20s',
    (text) => expect(check('Integer', text)).toBe('fits'),
  );

  test.each([
    '0',
    '-0.0',
    '1e308',
    '1E-400',
    `0.${'0'.repeat(400)}1e400`,
    `1${'0'.repeat(400)}e-200`,
    '0e999999999999',
    '9'.repeat(300),
  ])('has the Double %.20s', (text) => expect(check('Double', text)).toBe('fits'));

  test.each([
    '1e400',
    '-1e400',
    '1e309',
    '1.8e308',
    '9'.repeat(310),
    `1e${'9'.repeat(1_000)}`,
    '"NaN"',
    'null',
  ])('has no Double %.20s', (text) => expect(check('Double', text)).toBe('mismatch'));

  test.each([
    'NaN',
    'Infinity',
    '-Infinity',
    '+1',
    '.5',
    '1.',
    '01',
    '-01',
    '0x1',
    '1e',
    '1e+',
    '-',
    '1_000',
    '--1',
  ])('has no JSON %s', (text) => {
    for (const type of ['Integer', 'Double', 'Json']) expect(check(type, text), type).toBe('malformed');
  });

  test.each([
    '"\\ud800"',
    '"\\udc00"',
    '"\\ud800\\u0041"',
    '"\\ud800\\ud800"',
    '"a\\udbff"',
    '"\\udc00\\ud800"',
  ])('has no half of a surrogate pair: %s', (text) => {
    for (const type of ['Text', 'Json', '{ a: Text }']) {
      const value = type.startsWith('{') ? `{"a":"x","other":${text}}` : text;
      expect(check(type, value), type).toBe('malformed');
      expect(check('Map Integer', `{${text}:1}`)).toBe('malformed');
    }
  });

  test.each(['"\u0000"', '"\n"', '"\u001f"', '"\\x"', '"\\u12g4"', '"\\u12', '"', '"\\"'])(
    'has no string %j',
    (text) => expect(check('Text', text)).toBe('malformed'),
  );

  test.each(['"\\u0000"', '"\\ud83d\\ude00"', '"\\uD83D\\uDE00"', '"\\/\\b\\f"', '"\u007f\u2028é🙂"', '""'])(
    'has the Text %j',
    (text) => expect(check('Text', text)).toBe('fits'),
  );

  test('counts the last of repeated keys', () => {
    expect(check('{ a: Integer }', '{"a":"x","a":1}')).toBe('fits');
    expect(check('{ a: Integer }', '{"a":1,"a":"x"}')).toBe('mismatch');
    expect(check('{ a: Integer }', '{"a":"x","\\u0061":1}')).toBe('fits');
    expect(check('Map Integer', '{"a":"x","b":2,"a":1}')).toBe('fits');
    expect(check('Map Integer', '{"a":1,"a":"x"}')).toBe('mismatch');
    expect(check('{ a: Integer? }', '{"a":1,"a":null}')).toBe('fits');
    expect(check('{ a: Integer }', '{"a":1,"a":null}')).toBe('mismatch');
  });

  test('ignores an undeclared field of an input and refuses it in a result', () => {
    const value = '{"b":[1,{"c":null}],"a":1,"\\u0064":1e400}';
    expect(check('{ a: Integer }', value, 'input')).toBe('fits');
    expect(check('{ a: Integer }', value, 'result')).toBe('mismatch');
    expect(check('[{ a: Integer }]', `[${value}]`, 'result')).toBe('mismatch');
  });

  test('takes an optional field that is null or left out', () => {
    for (const value of ['{"a":null}', '{}', '{"a":1}', '{"\\u0061":1}']) {
      expect(check('{ a: Integer? }', value, 'result')).toBe('fits');
    }
    expect(check('{ a: Integer }', '{}')).toBe('mismatch');
    expect(check('{ a: Integer? }', '{"a":"1"}')).toBe('mismatch');
  });

  test.each(['Json', '{ a: Json }', '[Json]', 'Map Json'])('ends nesting at 256 in %s', (type) => {
    const nested = (levels: number) => {
      const inner = type === 'Json' ? levels : levels - 1;
      const value = '['.repeat(inner) + ']'.repeat(inner);
      return type === 'Json' ? value : type === '[Json]' ? `[${value}]` : `{"a":${value}}`;
    };
    expect(check(type, nested(256))).toBe('fits');
    expect(check(type, nested(257))).toBe('malformed');
    expect(check(type, nested(1_000_000))).toBe('malformed');
  });

  test('ends nesting at 256 in what an input ignores', () => {
    const value = (levels: number) => `{"a":1,"b":${'['.repeat(levels) + ']'.repeat(levels)}}`;
    expect(check('{ a: Integer }', value(255))).toBe('fits');
    expect(check('{ a: Integer }', value(256))).toBe('malformed');
  });

  test.each([
    '2001-01-01T00:00:00',
    '2001-01-01',
    '2001-01-01T00:00Z',
    '2001-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2001-04-31T00:00:00Z',
    '2001-13-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2001-01-01T24:00:00Z',
    '2001-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '2001-01-01T00:00:00.Z',
    '2001-01-01T00:00:00+24:00',
    '2001-01-01T00:00:00+00:60',
    '2001-01-01T00:00:00+0000',
    '2001-01-01 00:00:00Z',
    '2001-01-01T00:00:00Zx',
    '20x1-01-01T00:00:00Z',
    '',
  ])('has no Timestamp %s', (text) => expect(check('Timestamp', JSON.stringify(text))).toBe('mismatch'));

  test.each([
    '2001-01-01T00:00:00Z',
    '2000-02-29T23:59:59+23:59',
    '0001-01-01T00:00:00-00:00',
    `2001-01-01T00:00:00.${'1'.repeat(50)}Z`,
  ])('has the Timestamp %s, with or without escapes', (text) => {
    expect(check('Timestamp', JSON.stringify(text))).toBe('fits');
    expect(check('Timestamp', `"\\u003${text[0]}${text.slice(1)}"`)).toBe('fits');
  });

  test.each([
    ['', true],
    ['QQ==', true],
    ['QUI=', true],
    ['+/+/', true],
    ['QQ', false],
    ['QQ=', false],
    ['Q', false],
    ['====', false],
    ['QR==', false],
    ['QUJ=', false],
    ['QQ==QQ==', false],
    ['-_-_', false],
    ['Q Q=', false],
  ])('says of the Bytes %j: %s', (text, fits) =>
    expect(check('Bytes', `"${text}"`)).toBe(fits ? 'fits' : 'mismatch'),
  );

  test('lets Bytes be spelt with escapes', () => {
    expect(check('Bytes', '"\\/\\/\\/\\/"')).toBe('fits');
    expect(check('Bytes', '"\\u0051Q=="')).toBe('fits');
    expect(check('Bytes', '"\\u00e9QQ="')).toBe('mismatch');
  });

  test.each(['', ' ', '1 2', '{} {}', '1,', ']', '\u00a01', '\ufeff1', '1\u0000'])(
    'has no value %j',
    (text) => {
      expect(check('Json', text)).toBe('malformed');
    },
  );

  test('lets white space stand between all tokens', () => {
    const space = ' \t\r\n ';
    const value = ['', '{', '"a"', ':', '[', '1', ',', '{', '"b"', ':', 'null', '}', ']', '}', ''].join(
      space,
    );
    expect(check('{ a: (Integer, { b: () }) }', value, 'result')).toBe('fits');
    expect(check('Map (Integer, Map ())', value, 'result')).toBe('fits');
    expect(check('Json', value)).toBe('fits');
  });

  test('has numbers in Json that are Integers or Doubles', () => {
    expect(check('Json', `[${'1'.repeat(1_000)}]`)).toBe('fits');
    expect(check('Json', `[${'1'.repeat(1_001)}]`)).toBe('mismatch');
    expect(check('Json', '{"a":1e400}')).toBe('mismatch');
    expect(check('Json', `[${'1'.repeat(1_001)}.5e-1000]`)).toBe('fits');
  });

  test('has a sum with exactly one case', () => {
    const sum = typeOf('Event', 'type Event = Click { user: Text } | Quit ()');
    const of = (text: string) => faultOf(sum, text)?.kind ?? 'fits';
    expect(of('{"Click":{"user":"x"}}')).toBe('fits');
    expect(of(' { "Quit" : null } ')).toBe('fits');
    expect(of('{"Qu\\u0069t":null}')).toBe('fits');
    expect(of('{"Quit":1,"Quit":null}')).toBe('fits');
    for (const text of [
      '{}',
      '{"Quit":null,"Click":{"user":"x"}}',
      '{"Quit":{}}',
      '{"Other":null}',
      '{"Quit":null,"x":1}',
      '"Quit"',
      'null',
    ]) {
      expect(of(text), text).toBe('mismatch');
    }
  });

  test('has no value for Void', () => {
    expect(faultOf({ kind: 'void' }, 'null')?.kind).toBe('mismatch');
  });
});

describe('a fault', () => {
  const flight = '{ legs: [{ delay: Integer }], tags: Map Text, "odd name": (Text, Text)? }';
  test.each([
    [
      '{"legs":[{"delay":1},{"delay":"12"}],"tags":{}}',
      30,
      '$.legs[1].delay',
      'expected Integer, found "12"',
    ],
    ['{"legs":[{}],"tags":{}}', 9, '$.legs[0].delay', 'the field "delay" is missing'],
    ['{"legs":[],"tags":{"a b":1}}', 25, '$.tags["a b"]', 'expected Text, found 1'],
    ['{"legs":[],"tags":{},"odd name":["x"]}', 32, '$["odd name"]', 'expected 2 elements, found 1'],
    [
      '{"legs":[],"tags":{},"odd name":["x","y","z"]}',
      32,
      '$["odd name"]',
      'expected 2 elements, found more',
    ],
    ['{"legs":{},"tags":[]}', 8, '$.legs', 'expected [{ delay: Integer }], found {}'],
    ['{"legs":[],"tags":{},"tag":1}', 21, '$.tag', 'the field "tag" is not declared; did you mean "tags"?'],
    [
      '[1]',
      0,
      '$',
      'expected { legs: [{ delay: Integer }], tags: Map Text, "odd name": optional (Text, Text) ..., found [1]',
    ],
  ])('in %s', (text, offset, path, message) => {
    expect(faultOf(typeOf(flight), text, 'result')).toEqual({ kind: 'mismatch', offset, path, message });
  });

  test.each([
    ['{"a":1', 6, 'an object does not end'],
    ['[1', 2, 'an array does not end'],
    ['[1 2]', 3, 'expected , or ]'],
    ['{"a" 1}', 5, 'expected : after a key'],
    ['{a:1}', 1, 'expected a key in quotes'],
    ['{"a":1,}', 7, 'expected a key in quotes'],
    ['[1,]', 3, 'no JSON value'],
    ['"abc', 0, 'a string does not end'],
    ['"ab\u0001"', 3, 'a control character in a string'],
    ['"ab\\q"', 3, 'no JSON escape in a string'],
    ['"\\ud83d\\ude00\\n\\ud800"', 15, 'half of a surrogate pair in a string'],
    ['tru', 0, 'no JSON value'],
    ['-a', 0, 'no JSON number'],
    ['01', 0, 'a number begins with 0'],
    ['1 x', 2, 'more text after the value'],
    ['', 0, 'the text ends where a value should be'],
    [`${'['.repeat(257)}`, 256, 'nested more than 256 deep'],
  ])('of form in %.30j', (text, offset, message) => {
    expect(faultOf({ kind: 'json' }, text)).toEqual({ kind: 'malformed', offset, path: '$', message });
  });

  test('that is of form is told before one that is of type', () => {
    expect(faultOf(typeOf('[Integer]'), '["x",')?.kind).toBe('malformed');
  });

  test('shows little of a large value, whole letters alone', () => {
    const message = faultOf({ kind: 'integer' }, JSON.stringify('🙂'.repeat(100_000)))?.message ?? '';
    expect(message.length).toBeLessThan(150);
    expect(message.isWellFormed()).toBe(true);
    expect(message).not.toContain('\ufffd');
  });
});

describe('an array', () => {
  const { type = { kind: 'void' } as const } = parseType('Integer');

  test('is scanned with the bounds of its elements, and what does not fit is told apart', () => {
    const text = 'xx[ 1 , "a",1.5, 3 ]yy';
    const scan = compileValidator(type, 'input').scanArray(Buffer.from(text), 2, text.length);
    if ('kind' in scan) throw new Error(scan.message);
    expect(scan.count).toBe(4);
    expect([0, 1, 2, 3].map((index) => text.slice(scan.starts[index], scan.ends[index]))).toEqual([
      '1',
      '"a"',
      '1.5',
      '3',
    ]);
    expect(scan.misfits.map(({ index, fault }) => [index, fault.message])).toEqual([
      [1, 'expected Integer, found "a"'],
      [2, 'expected Integer, found 1.5'],
    ]);
    expect(text.slice(scan.end)).toBe('yy');
  });

  test('may have more elements than any before, and none', () => {
    const validator = compileValidator(type, 'input');
    for (const count of [3, 0, 255, 256, 257, 100_000, 1]) {
      const bytes = Buffer.from(JSON.stringify(Array.from({ length: count }, (_, index) => index)));
      const scan = validator.scanArray(bytes, 0, bytes.length);
      expect('count' in scan && [scan.count, scan.end, scan.misfits]).toEqual([count, bytes.length, []]);
    }
  });

  test.each(['', '1', '[', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '[1}', '[1,"a]', '{"a":1}'])(
    'that is none: %s',
    (text) => {
      const bytes = Buffer.from(`${text}]`);
      expect(compileValidator(type, 'input').scanArray(bytes, 0, bytes.length - 1)).toMatchObject({
        kind: 'malformed',
      });
    },
  );

  test('of deep elements counts their depth from themselves', () => {
    const element = '['.repeat(256) + ']'.repeat(256);
    const json = compileValidator({ kind: 'json' }, 'input');
    const scan = (text: string) => json.scanArray(Buffer.from(text), 0, text.length);
    expect(scan(`[${element},${element}]`)).toMatchObject({ count: 2 });
    expect(scan(`[${element},[${element}]]`)).toMatchObject({ kind: 'malformed' });
  });
});

describe('a record', () => {
  const hostile = [
    '__proto__',
    'constructor',
    "'];process.exit(1);['",
    '`$' + '{1}`',
    '*/ return 0 /*',
    '\u2028',
    '"',
    '\\',
    '',
    'é',
    '🙂',
    '0',
    'a'.repeat(500),
  ];

  test('may have fields of any name', () => {
    const type = recordOf(hostile.map((name) => ({ name, type: scalar('integer') })));
    const value = Object.fromEntries(hostile.map((name, index) => [name, index]));
    Object.defineProperty(value, '__proto__', { value: 0, enumerable: true });
    const entries = Object.entries(value).map(([name, of]) => `${JSON.stringify(name)}:${of}`);
    for (const members of [entries, entries.toReversed()])
      expect(faultOf(type, `{${members.join(',')}}`, 'result')).toBeUndefined();
    expect(faultOf(type, `{${entries.slice(1).join(',')}}`, 'result')?.kind).toBe('mismatch');
  });

  test.each([1, 30, 31, 60, 61, 200, 2_000])(
    'of %i fields takes them in any order, and misses none',
    (count) => {
      const names = Array.from({ length: count }, (_, index) => `field_${index}`);
      const type = recordOf(
        names.map((name, index) => ({
          name,
          type: index % 7 === 6 ? { kind: 'optional', item: scalar('text') } : scalar('integer'),
        })),
      );
      const members = names.map((name, index) => `"${name}":${index % 7 === 6 ? '"x"' : index}`);
      const text = (of: readonly string[]) => `{${of.join(',')}}`;
      expect(faultOf(type, text(members), 'result')).toBeUndefined();
      expect(faultOf(type, text(members.toReversed()), 'result')).toBeUndefined();
      expect(faultOf(type, text(members.filter((_, index) => index % 7 !== 6)), 'result')).toBeUndefined();
      expect(faultOf(type, text([...members, '"field_":1']), 'result')).toMatchObject({ path: '$.field_' });
      expect(faultOf(type, text(['"other":{}', ...members]), 'input')).toBeUndefined();
      for (const missing of [0, 29, 30, 31, 59, 60, count - 1].filter(
        (index) => index < count && index % 7 !== 6,
      )) {
        expect(faultOf(type, text(members.toSpliced(missing, 1)))).toMatchObject({
          path: `$.field_${missing}`,
        });
      }
      expect(faultOf(type, text(members.with(0, '"field_0":"x"')))).toMatchObject({ path: '$.field_0' });
    },
  );

  test('of many fields takes the last of a repeated one, and keys with escapes', () => {
    const names = Array.from({ length: 100 }, (_, index) => `f${index}`);
    const type = recordOf(names.map((name) => ({ name, type: scalar('integer') })));
    const members = names.map((name) => `"${name}":1`);
    expect(faultOf(type, `{"f5":"x",${members.join(',')}}`, 'result')).toBeUndefined();
    expect(faultOf(type, `{${members.with(5, '"\\u0066\\u0035":1').join(',')}}`, 'result')).toBeUndefined();
  });
});

test('a large value that does not fit costs neither its size in objects nor a wait', () => {
  const bytes = Buffer.from(`[${'0,'.repeat(1_000_000)}"x"]`);
  const before = process.memoryUsage().heapUsed;
  const fault = compileValidator(typeOf('[Integer]'), 'input').check(bytes, 0, bytes.length);
  expect(fault).toMatchObject({ path: '$[1000000]' });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 1024 * 1024);
});

test('the largest type that the language allows is compiled and used', () => {
  const fields = Array.from(
    { length: 900 },
    (_, index) => `f${index}: { a: Integer, b: Text?, c: [Double] }`,
  ).join(', ');
  const type = typeOf(`{ ${fields} }`);
  const value = `{${Array.from({ length: 900 }, (_, index) => `"f${index}":{"a":1,"c":[]}`).join(',')}}`;
  expect(faultOf(type, value, 'result')).toBeUndefined();
});
