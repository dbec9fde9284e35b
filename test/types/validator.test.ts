import { describe, expect, test } from 'vitest';
import { compileValidator, type Fault, parseApi, parseType, type Strictness } from '../../src/types/index.ts';

/** A type as the language writes it; `declared` are lines `type Name = ...` that it may use. */
function typeOf(text: string, declared = '') {
  const names = declared === '' ? [] : (parseApi(declared).api?.types ?? []);
  const { type, diagnostics } = parseType(text, undefined, names);
  if (type === undefined) throw new Error(JSON.stringify(diagnostics));
  return type;
}

const event = 'type Event = Click { user: Text } | Moved (Integer, Integer) | Quit ()';

function check(type: string, text: string | Uint8Array, strictness: Strictness = 'input'): Fault | undefined {
  const bytes = Buffer.from(text);
  return compileValidator(typeOf(type, event), strictness).check(bytes, 0, bytes.length);
}

const verdict = (type: string, text: string, strictness: Strictness = 'input') =>
  check(type, text, strictness)?.kind ?? 'fits';

function scan(type: string, text: string, strictness: Strictness = 'input') {
  const bytes = Buffer.from(text);
  return compileValidator(typeOf(type, event), strictness).scanArray(bytes, 0, bytes.length);
}

const digits = (count: number) => '7'.repeat(count);
const nested = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth);

describe('the table of values', () => {
  test.each([
    ['Integer', ['0', '-0', '-12', '9007199254740993', digits(60), digits(1_000), `-${digits(1_000)}`]],
    ['Double', ['0', '-0.0', '1e2', '12', '1.7976931348623157e308', '5e-324', '1e-999', '0e999']],
    ['Text', ['""', '"\\u0000"', '"\\ud83d\\ude42"', '"漢 🙂"', '"\\/\\b\\f\\n\\r\\t\\"\\\\"']],
    ['Boolean', ['true', 'false']],
    ['()', ['null']],
    ['Bytes', ['""', '"QQ=="', '"QUI="', '"QUJD"', '"+/+/"', '"\\u0051Q=="', '"\\/+\\/+"']],
    [
      'Timestamp',
      [
        '"2001-01-01T00:00:00Z"',
        '"2024-02-29T23:59:59.123456789+05:30"',
        '"0001-01-01T00:00:00-23:59"',
        '"\\u0032001-01-01T00:00:00Z"',
      ],
    ],
    ['Json', ['null', '1.5', '{"a":[{}]}', digits(1_000), '"x"', '{"a":1,"a":"2"}']],
    ['[Integer]', ['[]', '[1]', '[1,2,3]', ' [ 1 , 2 ] ']],
    ['Map Integer', ['{}', '{"a":1,"":2,"\\u0061":3}', ' { "a" : 1 } ']],
    ['(Integer, Text)', ['[1,"a"]', ' [ 1 , "a" ] ']],
    ['optional Integer', ['null', '12']],
    ['{ a: Integer, b: optional Text }', ['{"a":1}', '{"a":1,"b":null}', '{"b":"x","a":1}']],
    ['{}', ['{}', '{ }']],
    ['Event', ['{"Click":{"user":"a"}}', '{"Quit":null}', '{ "Moved" : [ 1 , 2 ] }']],
  ])('%s takes %j in inputs and results', (type, texts) => {
    for (const text of texts) {
      expect(verdict(type, text, 'input'), text).toBe('fits');
      expect(verdict(type, text, 'result'), text).toBe('fits');
    }
  });

  test.each([
    ['Integer', ['1.0', '1e2', '1.9', '"12"', 'null', 'true', '[1]', digits(1_001), `-${digits(1_001)}`]],
    ['Double', ['1e400', '-1e400', '1.8e308', digits(310), '"1.5"', 'null', 'true']],
    ['Text', ['null', '12', '["a"]', 'true']],
    ['Boolean', ['0', '1', '"true"', 'null']],
    ['()', ['0', '{}', '[]', '"null"', 'false']],
    ['Bytes', ['"QQ"', '"QQ="', '"QR=="', '"Q==="', '"-_-_"', '"QQ==QQ=="', '"Q Q="', '"QUI=\\n"', 'null']],
    [
      'Timestamp',
      [
        '"2001-01-01T00:00:00"',
        '"2001-01-01"',
        '"2001-02-29T00:00:00Z"',
        '"2001-01-01T24:00:00Z"',
        '"2001-01-01T00:00:60Z"',
        '"2001-01-01T00:00:00.Z"',
        '"2001-01-01T00:00:00+0530"',
        '"2001-01-01T00:00:00+24:00"',
        '978307200',
        'null',
      ],
    ],
    ['Json', ['1e400', digits(1_001), '[1e400]', '{"a":{"b":-1e999}}']],
    ['[Integer]', ['{}', '"[]"', '[null]', '[1,"2"]', '[[1]]']],
    ['Map Integer', ['[]', '{"a":null}', '{"a":1,"b":"2"}']],
    ['(Integer, Text)', ['[]', '[1]', '[1,"a",2]', '["a",1]', '{"0":1,"1":"a"}']],
    ['optional Integer', ['1.0', '"null"', '{}']],
    ['{ a: Integer, b: optional Text }', ['{}', '{"a":null}', '{"b":"x"}', '{"A":1}', '[1,null]', 'null']],
    [
      'Event',
      ['{}', '"Quit"', '{"Quit":{}}', '{"quit":null}', '{"Quit":null,"Click":{"user":"a"}}', '{"Click":{}}'],
    ],
  ])('%s refuses %j in inputs and results', (type, texts) => {
    for (const text of texts) {
      expect(verdict(type, text, 'input'), text).toBe('mismatch');
      expect(verdict(type, text, 'result'), text).toBe('mismatch');
    }
  });

  test.each([
    'NaN',
    'Infinity',
    '-Infinity',
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '0x10',
    "'a'",
    '"a',
    '"\\x"',
    '"\\u12g4"',
    '"\t"',
    '"\u0000"',
    '"\\ud83d"',
    '"\\ude42"',
    '"\\ud83d\\ud83d"',
    '"\\ud83d x"',
    '[1,]',
    '[1 2]',
    '[',
    '{"a":1,}',
    '{"a"}',
    '{a:1}',
    '{"a":1',
    '{1:1}',
    'nul',
    'True',
    '',
    ' ',
    '1 2',
    '{} {}',
    '"a"x',
    '\u00a01',
    '\ufeff1',
    '// 1',
  ])('%j is no JSON, whatever the type', (text) => {
    for (const type of [
      'Json',
      'Integer',
      'Text',
      '[Integer]',
      'Map Text',
      '{ a: optional Integer }',
      'Event',
    ])
      expect(verdict(type, text), type).toBe('malformed');
  });

  test('a field that is unknown is ignored in an input and refused in a result', () => {
    const type = '{ a: Integer, b: optional [Text] }';
    for (const text of ['{"a":1,"x":2}', '{"x":{"y":[1,"\\n"]},"a":1}', '{"a":1,"\\u0078":null}']) {
      expect(verdict(type, text, 'input'), text).toBe('fits');
      expect(verdict(type, text, 'result'), text).toBe('mismatch');
    }
    expect(verdict(type, '{"a":1,"x":01}', 'input')).toBe('malformed');
    expect(verdict(type, '{"a":1,"x":"\\ud800"}', 'input')).toBe('malformed');
  });

  test('of a repeated key the last one counts, however it is spelt', () => {
    for (const [text, expected] of [
      ['{"a":"no","a":1}', 'fits'],
      ['{"a":1,"a":"no"}', 'mismatch'],
      ['{"a":"no","\\u0061":1}', 'fits'],
      ['{"\\u0061":1,"a":null}', 'mismatch'],
      ['{"a":1,"a":{},"a":2}', 'fits'],
    ]) {
      expect(verdict('{ a: Integer }', text ?? ''), text).toBe(expected);
      expect(verdict('Map Integer', text ?? ''), text).toBe(expected);
    }
    expect(verdict('Event', '{"Quit":1,"Quit":null}')).toBe('fits');
    expect(verdict('Event', '{"Quit":null,"Quit":1}')).toBe('mismatch');
  });
});

describe('nesting', () => {
  test('of 256 containers is taken, of 257 refused, in Json and in fields that are unknown', () => {
    expect(verdict('Json', nested(256))).toBe('fits');
    expect(check('Json', nested(257))).toMatchObject({ kind: 'malformed', offset: 256 });
    expect(verdict('Json', nested(256, '1'))).toBe('fits');
    expect(verdict('{ a: Json }', `{"a":${nested(255)}}`)).toBe('fits');
    expect(verdict('{ a: Json }', `{"a":${nested(256)}}`)).toBe('malformed');
    expect(verdict('{}', `{"x":${nested(255)}}`)).toBe('fits');
    expect(verdict('{}', `{"x":${nested(256)}}`)).toBe('malformed');
    expect(verdict('[[Json]]', `[[${nested(254)}]]`)).toBe('fits');
    expect(verdict('[[Json]]', `[[${nested(255)}]]`)).toBe('malformed');
    expect(verdict('Integer', nested(256))).toBe('mismatch');
    expect(verdict('Integer', nested(257))).toBe('malformed');
  });

  test('counts anew for each element of an array', () => {
    expect(scan('Json', `[${nested(256)},1]`)).toMatchObject({ count: 2, misfits: [] });
    expect(scan('Json', `[1,${nested(257)}]`)).toMatchObject({ kind: 'malformed' });
  });

  test('a million deep neither throws nor lasts', () => {
    const start = performance.now();
    expect(verdict('Json', '['.repeat(1_000_000))).toBe('malformed');
    expect(verdict('Integer', '{"a":'.repeat(200_000))).toBe('malformed');
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('a record', () => {
  const permutations = (names: readonly string[]): string[][] =>
    names.length === 0
      ? [[]]
      : names.flatMap((name) =>
          permutations(names.filter((other) => other !== name)).map((others) => [name, ...others]),
        );

  test('may have its fields in any order, with white space everywhere', () => {
    const values: Record<string, string> = { a: '1', b: '"x"', ab: '[1.5]', abc: '{"a":true}' };
    const type = '{ a: Integer, b: Text, ab: [Double], abc: { a: Boolean } }';
    for (const names of permutations(Object.keys(values))) {
      const text = ` \t\r\n{ ${names.map((name) => `\n"${name}" :\t${values[name]}\r`).join(' , ')} } `;
      expect(verdict(type, text, 'result'), text).toBe('fits');
      const [first = '', ...others] = names;
      const without = `{${others.map((name) => `"${name}":${values[name]}`).join(',')}}`;
      expect(check(type, without, 'result'), without).toMatchObject({ kind: 'mismatch', path: `$.${first}` });
    }
  });

  test.each([30, 31, 32, 59, 60, 61, 62, 64, 65, 200])(
    'of %i fields is told from one that lacks any of them',
    (width) => {
      const names = Array.from({ length: width }, (_, index) => `field_${index}`);
      const type = `{ ${names.map((name) => `${name}: Integer`).join(', ')} }`;
      const validator = compileValidator(typeOf(type), 'result');
      const verdictOf = (members: readonly string[]) => {
        const bytes = Buffer.from(`{${members.map((name) => `"${name}":1`).join(',')}}`);
        return validator.check(bytes, 0, bytes.length)?.path ?? 'fits';
      };
      expect(verdictOf(names)).toBe('fits');
      expect(verdictOf(names.toReversed())).toBe('fits');
      expect(verdictOf([...names, 'field_0'])).toBe('fits');
      expect(verdictOf([...names, 'other'])).toBe('$.other');
      for (const name of names) expect(verdictOf(names.filter((other) => other !== name))).toBe(`$.${name}`);
      // What was seen of one record is forgotten at the next.
      expect(verdictOf([])).toBe('$.field_0');
    },
  );

  const hostile = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'quo"te',
    "quo'te",
    'back\\slash',
    '`$' + '{1}`',
    '*/ ) { throw 1 } //',
    '漢字 🙂',
    'ünï',
    '\u0000',
    '\u2028',
    'line\nbreak',
    '</script>',
  ];

  test('may have fields with names that mean something elsewhere', () => {
    const type = `{ ${hostile.map((name) => `${JSON.stringify(name)}: Integer`).join(', ')} }`;
    const text = (names: readonly string[], value = '1') =>
      `{${names.map((name) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
    expect(verdict(type, text(hostile), 'result')).toBe('fits');
    expect(verdict(type, text(hostile.toReversed()), 'result')).toBe('fits');
    for (const [index, name] of hostile.entries()) {
      const others = hostile.toSpliced(index, 1);
      expect(verdict(type, text(others)), name).toBe('mismatch');
      const last = `${text(others).slice(0, -1)},${JSON.stringify(name)}:"1"}`;
      expect(verdict(type, last), name).toBe('mismatch');
    }
  });

  test('without such fields does not have them from elsewhere', () => {
    for (const name of hostile) {
      const type = `{ ${JSON.stringify(name)}: Json }`;
      expect(verdict(type, '{}'), name).toBe('mismatch');
      expect(verdict('{ a: optional Text }', `{${JSON.stringify(name)}:1}`, 'result'), name).toBe('mismatch');
      expect(verdict('Event', `{${JSON.stringify(name)}:null}`), name).toBe('mismatch');
    }
  });

  test('knows its fields by keys that are spelt with escapes', () => {
    const escaped = '{"\\u0061":1,"\\u00FC":2,"\\u6f22\\ud83d\\ude42":3}';
    expect(verdict('{ a: Integer, "ü": Integer, "漢🙂": Integer }', escaped, 'result')).toBe('fits');
    expect(verdict('{ a: Integer, "ü": Integer, "漢🙂": Text }', escaped, 'result')).toBe('mismatch');
  });
});

describe('a fault', () => {
  const trip =
    '{ name: Text, legs: [{ delay: Integer, "to where": Text }], prices: Map Double, at: (Integer, Text) }';
  const with_ = (parts: Record<string, string>) => {
    const all = { name: '"x"', legs: '[]', prices: '{}', at: '[1,"a"]', ...parts };
    return `{${Object.entries(all)
      .map(([name, value]) => `"${name}":${value}`)
      .join(',')}}`;
  };

  test.each([
    ['Integer', '"12"', '$', 0, 'expected Integer, found "12"'],
    ['Integer', '  1.5', '$', 2, 'expected Integer, found 1.5'],
    ['[Integer]', '[1, null]', '$[1]', 4, 'expected Integer, found null'],
    ['(Integer, Text)', '[1]', '$', 0, 'expected 2 elements, found 1'],
    ['(Integer, Text)', '[1,"a",2]', '$', 0, 'expected 2 elements, found more'],
    ['(Integer, Text)', '[1,2]', '$[1]', 3, 'expected Text, found 2'],
    ['{ delay: Integer }', '{"dely":1}', '$.delay', 0, 'the field "delay" is missing'],
    ['Map Integer', '{"two words":"x"}', '$["two words"]', 13, 'expected Integer, found "x"'],
    [
      'Event',
      '{"Clik":1}',
      '$',
      0,
      'expected {"Click": ...} or {"Moved": ...} or {"Quit": ...}, found "Clik"',
    ],
    ['Event', '{}', '$', 0, 'expected {"Click": ...} or {"Moved": ...} or {"Quit": ...}, found {}'],
    ['Event', '{"Quit":null,"Click":1}', '$', 0, 'expected one case alone, found "Quit" and "Click"'],
    ['Event', '{"Click":{"user":1}}', '$.Click.user', 17, 'expected Text, found 1'],
    ['Text', '[1,2', '$', 4, 'an array does not end'],
    ['Text', '"a\\ud800"', '$', 2, 'half of a surrogate pair in a string'],
    ['Text', '"a" b', '$', 4, 'more text after the value'],
    ['Json', '{"a":1 "b":2}', '$', 7, 'expected , or }'],
    ['Json', '[01]', '$', 1, 'a number begins with 0'],
  ])('of %s in %j says where and why', (type, text, path, offset, message) => {
    expect(check(type, text)).toMatchObject({ path, offset, message });
  });

  test.each([
    [with_({ legs: '[{"delay":1,"to where":"a"},{"delay":"1","to where":"a"}]' }), '$.legs[1].delay', '"1"'],
    [with_({ legs: '[{"delay":1,"to where":2}]' }), '$.legs[0]["to where"]', '2}'],
    [with_({ prices: '{"a":1,"b":null}' }), '$.prices.b', 'null'],
    [with_({ at: '["1","a"]' }), '$.at[0]', '"1"'],
  ])('deep inside has the whole path and the offset of the part', (text, path, part) => {
    expect(check(trip, text)).toMatchObject({ kind: 'mismatch', path, offset: text.indexOf(part) });
  });

  test('of several in one value is the one that stands first', () => {
    expect(check('{ a: Integer, b: Integer }', '{"b":"x","a":"y"}')).toMatchObject({
      path: '$.b',
      offset: 5,
    });
  });

  test('of a field that is not declared names the nearest that is', () => {
    expect(check('{ delay: optional Integer }', '{"dely":1}', 'result')).toMatchObject({
      path: '$.dely',
      offset: 1,
      message: 'the field "dely" is not declared; did you mean "delay"?',
    });
  });

  test('is short, however long the value, and cuts no letter in halves', () => {
    const fault = check('Integer', `"${'🙂'.repeat(100_000)}"`);
    expect(fault?.message.length).toBeLessThan(150);
    expect(fault?.message).not.toContain('\ufffd');
    const wide = `{"${'k'.repeat(100_000)}":1}`;
    expect(check('{}', wide, 'result')?.message.length).toBeLessThan(150);
    expect(check('{}', wide, 'result')?.path.length).toBeLessThan(100);
  });
});

describe('bounds', () => {
  const bytes = Buffer.from('123456');

  test('a value is judged by the bytes before its end alone', () => {
    const integer = compileValidator(typeOf('Integer'), 'input');
    expect(integer.check(bytes, 0, 3)).toBeUndefined();
    expect(integer.check(bytes, 2, 4)).toBeUndefined();
    for (const [type, text, end] of [
      ['Integer', '12.5', 2],
      ['Integer', '12e5', 2],
      ['Double', '1e400', 1],
      ['Double', '1.5e400', 3],
      ['Double', '12e', 2],
      ['Double', '0.', 1],
      ['Json', '1.', 1],
      ['Json', '0123', 1],
      ['Text', '"a""b"', 3],
      ['[Integer]', '[1]]', 3],
      ['Integer', '7  x', 3],
      ['{ a: Integer }', '{"a":1}}', 7],
    ] as const) {
      const validator = compileValidator(typeOf(type), 'input');
      expect(
        validator.check(Buffer.from(text), 0, end),
        `${text.slice(0, end)}|${text.slice(end)}`,
      ).toBeUndefined();
    }
  });

  test('a value that goes on after the end is cut off there', () => {
    for (const [type, text] of [
      ['Text', '"abc"'],
      ['Boolean', 'true'],
      ['Boolean', 'false'],
      ['()', 'null'],
      ['[Integer]', '[1,2]'],
      ['Map Integer', '{"a":1}'],
      ['{ a: Integer }', '{"a":1}'],
      ['Event', '{"Quit":null}'],
      ['Bytes', '"QUJD"'],
      ['Timestamp', '"2001-01-01T00:00:00Z"'],
      ['Json', '[{"a":"\\u0041"}]'],
      ['Double', '-1.5'],
    ] as const) {
      const validator = compileValidator(typeOf(type, event), 'input');
      const whole = Buffer.from(text);
      expect(validator.check(whole, 0, whole.length), text).toBeUndefined();
      const ends = type === 'Double' ? [0, 1, 3] : whole.keys();
      for (const end of ends) {
        expect(validator.check(whole, 0, end), text.slice(0, end)).toMatchObject({ kind: 'malformed' });
        expect(validator.check(whole, 0, end)?.offset, text.slice(0, end)).toBeLessThanOrEqual(end);
      }
    }
  });

  test('an array that goes on after the end is cut off there', () => {
    const text = Buffer.from('[1, {"a":2}, "]", 1.5e3 , [7]]');
    const validator = compileValidator(typeOf('Json'), 'input');
    for (let end = 0; end < text.length; end++) {
      expect(validator.scanArray(text, 0, end), text.toString('utf8', 0, end)).toMatchObject({
        kind: 'malformed',
      });
    }
    expect(validator.scanArray(text, 0, text.length)).toMatchObject({ count: 5, end: text.length });
  });

  test('a view into a larger buffer has offsets of its own', () => {
    const whole = Buffer.from('....[1,"x"]....');
    const view = whole.subarray(4, 11);
    expect(compileValidator(typeOf('[Integer]'), 'input').check(view, 0, 7)).toMatchObject({ offset: 3 });
    const plain = new Uint8Array(view);
    expect(compileValidator(typeOf('[Integer]'), 'input').check(plain, 0, 7)).toMatchObject({ offset: 3 });
  });
});

describe('an array of values', () => {
  test('has the bounds of each, without the white space around', () => {
    const text = '[ 1 ,"a" , {"b" : [ ] }\n]rest';
    const found = scan('Json', text);
    if ('kind' in found) throw new Error(found.message);
    expect(found.count).toBe(3);
    const items = [0, 1, 2].map((index) => text.slice(found.starts[index], found.ends[index]));
    expect(items).toEqual(['1', '"a"', '{"b" : [ ] }']);
    expect(text.slice(found.end)).toBe('rest');
  });

  test('may be empty', () => {
    expect(scan('Integer', '[]')).toMatchObject({ count: 0, misfits: [], end: 2 });
    expect(scan('Integer', '[ \n ]')).toMatchObject({ count: 0, misfits: [], end: 5 });
  });

  test('tells each that does not fit by its index, and goes on behind it', () => {
    const found = scan('{ a: Integer }', '[{"a":1},{"a":"x"},3,{"a":2},{}]');
    expect(found).toMatchObject({
      count: 5,
      misfits: [
        { index: 1, fault: { path: '$.a', offset: 14, message: 'expected Integer, found "x"' } },
        { index: 2, fault: { path: '$', offset: 19 } },
        { index: 4, fault: { path: '$.a', offset: 29, message: 'the field "a" is missing' } },
      ],
    });
  });

  test('of more elements than fit at first keeps all their bounds', () => {
    const numbers = Array.from({ length: 5_000 }, (_, index) => (index % 7 === 3 ? '"x"' : String(index)));
    const text = `[${numbers.join(',')}]`;
    const validator = compileValidator(typeOf('Integer'), 'input');
    // Once more with the room it has by then.
    for (let round = 0; round < 2; round++) {
      const found = validator.scanArray(Buffer.from(text), 0, text.length);
      if ('kind' in found) throw new Error(found.message);
      expect(numbers.map((_, index) => text.slice(found.starts[index], found.ends[index]))).toEqual(numbers);
      expect(found.misfits.map(({ index }) => index)).toEqual(
        [...numbers.keys()].filter((index) => index % 7 === 3),
      );
    }
  });

  test.each([
    '',
    '1',
    '{}',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1.]',
    '[1}',
    '[01]',
    '[1,,2]',
    '["\\ud800"]',
  ])('is malformed as %j', (text) => {
    for (const type of ['Integer', 'Json', 'Text'])
      expect(scan(type, text), type).toMatchObject({ kind: 'malformed' });
  });

  test('may begin anywhere in a frame', () => {
    const frame = Buffer.from('{"result":[1,2],"id":7}');
    const found = compileValidator(typeOf('Integer'), 'result').scanArray(frame, 10, frame.length);
    expect(found).toMatchObject({ count: 2, end: 15 });
  });
});

test('a type of more fields and levels than anyone writes is compiled in time', () => {
  const fields = Array.from(
    { length: 400 },
    (_, index) => `f${index}: { a: [Integer], b: Map (optional Double) }`,
  );
  const text = `{${Array.from({ length: 400 }, (_, index) => `"f${index}":{"a":[1],"b":{"x":null}}`).join(',')}}`;
  const start = performance.now();
  expect(verdict(`{ ${fields.join(', ')} }`, text, 'result')).toBe('fits');
  expect(verdict(`${'['.repeat(60)}Text${']'.repeat(60)}`, nested(60, '"a"'))).toBe('fits');
  expect(performance.now() - start).toBeLessThan(3_000);
});
