import { text } from './texts.ts';

/** One line of DESIGN's table of values for an input: an element's bytes, and what becomes of it. */
export interface InputCase {
  readonly name: string;
  readonly fn: string;
  readonly input: Uint8Array;
  /** The bytes of the result; undefined: rejected. */
  readonly kept?: Uint8Array;
  /** It is no JSON (or no UTF-8), so that not even the frame around it can be read. */
  readonly malformed?: true;
}

const kept = (name: string, fn: string, input: string, result = input): InputCase => ({
  name,
  fn,
  input: text(input),
  kept: text(result),
});
const rejected = (name: string, fn: string, input: string): InputCase => ({ name, fn, input: text(input) });
const malformed = (name: string, fn: string, input: string | Uint8Array): InputCase => ({
  name,
  fn,
  input: typeof input === 'string' ? text(input) : input,
  malformed: true,
});
const sevens = (digits: number) => '7'.repeat(digits);
const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const leg = (members: string) => `{"miles":1,"at":"2020-01-01T00:00:00Z"${members}}`;
const plainLeg = leg(',"delay":null');

export const inputCases: readonly InputCase[] = [
  ...['1.0', '1e2', '1E2', '1.9', '"12"', 'null', 'true', '[]', '{}'].map((value) =>
    rejected(`${value} for Integer`, 'integer', value),
  ),
  rejected('no field for Integer', 'leg', '{"at":"2020-01-01T00:00:00Z"}'),
  rejected('null for an Integer field', 'leg', '{"miles":null,"at":"2020-01-01T00:00:00Z"}'),
  ...[1, 19, 20, 60, 1_000].flatMap((digits) => [
    kept(`${digits} digits for Integer`, 'integer', sevens(digits)),
    kept(`${digits} digits below zero for Integer`, 'integer', `-${sevens(digits)}`),
    kept(`${digits} digits for Json`, 'json', sevens(digits)),
  ]),
  ...[1_001, 4_300, 10_000].flatMap((digits) => [
    rejected(`${digits} digits for Integer`, 'integer', sevens(digits)),
    rejected(`${digits} digits below zero for Integer`, 'integer', `-${sevens(digits)}`),
    rejected(`${digits} digits for Json`, 'json', sevens(digits)),
  ]),
  kept('3,000 digits in a Text', 'text', `"${sevens(3_000)}"`),
  kept('9007199254740993 for Integer', 'integer', '9007199254740993'),
  kept('0.5 for Double', 'decimal', '0.5'),
  ...['1e400', '-1e400', sevens(400)].map((value) =>
    rejected(`${value.slice(0, 8)} for Double`, 'decimal', value),
  ),
  rejected('1e400 for Json', 'json', '[1e400]'),
  ...['NaN', 'Infinity', '-Infinity'].flatMap((value) => [
    malformed(`${value} for Double`, 'decimal', value),
    malformed(`${value} for Json`, 'json', value),
  ]),
  rejected('"NaN" for Double', 'decimal', '"NaN"'),
  ...[
    ['a lone high surrogate', '"\\ud800"'],
    ['a lone low surrogate', '"\\udc00"'],
    ['a high surrogate before a letter', '"\\ud800\\u0041"'],
    ['a high surrogate at the end', '"a\\udbff"'],
    ['a raw control character', '"\u0001"'],
    ['an unescaped NUL', '"\0"'],
  ].flatMap(([name = '', value = '']) => [
    malformed(`${name} in a Text`, 'text', value),
    malformed(`${name} in Json`, 'json', `{"a":[${value}]}`),
    malformed(`${name} in a key`, 'table', `{${value}:1.5}`),
    malformed(`${name} in an unknown field`, 'leg', leg(`,"more":${value}`)),
  ]),
  ...[
    ['invalid UTF-8', [0x22, 0xff, 0x22]],
    ['an overlong NUL', [0x22, 0xc0, 0x80, 0x22]],
    ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut UTF-8 sequence', [0x22, 0xe2, 0x82, 0x22]],
  ].flatMap(([name, bytes]) => [
    malformed(`${name} in a Text`, 'text', Uint8Array.from(bytes as number[])),
    malformed(`${name} in Json`, 'json', Uint8Array.from(bytes as number[])),
    malformed(
      `${name} in an unknown field`,
      'leg',
      Buffer.concat([
        text('{"miles":1,"at":"2020-01-01T00:00:00Z","more":'),
        Uint8Array.from(bytes as number[]),
        text('}'),
      ]),
    ),
  ]),
  kept('an escaped NUL in a Text', 'text', '"\\u0000"'),
  kept('a pair of surrogates in a Text', 'text', '"\\ud83d\\ude00"', '"😀"'),
  kept('a duplicate key: the last one counts', 'leg', `{"miles":2,${plainLeg.slice(1)}`, plainLeg),
  kept(
    'a duplicate key: the last one counts, where the first does not fit',
    'leg',
    `{"miles":"2",${plainLeg.slice(1)}`,
    plainLeg,
  ),
  rejected(
    'a duplicate key: the last one counts, where it does not fit',
    'leg',
    leg(',"delay":null,"miles":"2"'),
  ),
  kept('a duplicate key in Json', 'json', '{"a":1,"a":2}', '{"a":2}'),
  rejected('a duplicate key in Json, where the first is 1e400', 'json', '{"a":1e400,"a":2}'),
  ...[sevens(1_100), '1e400', '"2"', 'null', '[{"miles":1}]'].map((value) =>
    kept(
      `a duplicate key: the last one counts, where the first is ${value.slice(0, 14)}, beside an unknown 1e400`,
      'leg',
      `{"miles":${value},"more":1e400,${plainLeg.slice(1)}`,
      plainLeg,
    ),
  ),
  kept('a duplicate key in a Map, where the first is 1e400', 'table', '{"a":1e400,"a":2.5}', '{"a":2.5}'),
  kept(
    'a duplicate key: the last one counts, where the first nests as deep as is allowed',
    'leg',
    `{"miles":${lists(255)},${plainLeg.slice(1)}`,
    plainLeg,
  ),
  kept(
    'the case of a sum twice: the last one counts, where the first does not fit',
    'event',
    '{"Quit":[1e400],"Quit":null}',
    '{"Quit":null}',
  ),
  kept(
    'the case of a sum thrice: the last one counts',
    'event',
    `{"Amount":1,"Amount":${sevens(1_100)},"Amount":2}`,
    '{"Amount":2}',
  ),
  rejected(
    'the case of a sum twice: the last one counts, where it does not fit',
    'event',
    '{"Quit":null,"Quit":1}',
  ),
  rejected('two cases of a sum, one of them twice', 'event', '{"Quit":1,"Amount":1,"Quit":null}'),
  kept('an unknown field', 'leg', leg(',"delay":null,"more":{"a":[1]}'), plainLeg),
  kept('a missing optional', 'leg', leg(''), plainLeg),
  kept('a null optional', 'leg', plainLeg),
  kept('null for optional Integer', 'maybe', 'null'),
  rejected('"1" for optional Integer', 'maybe', '"1"'),
  kept('nesting of 256', 'json', lists(256)),
  rejected('nesting of 257', 'json', lists(257)),
  rejected('nesting of 257 below a field', 'json', `{"a":${lists(256)}}`),
  rejected('a Timestamp without an offset', 'timestamp', '"2020-01-01T00:00:00"'),
  ...[
    '2020-01-01 00:00:00Z',
    '2020-01-01t00:00:00Z',
    '2020-01-01T00:00:00z',
    '2020-01-01T00:00Z',
    '2020-01-01T00:00:00+0100',
    '2020-01-01T00:00:00+01',
    '2020-01-01T24:00:00Z',
    '2020-01-01T23:59:60Z',
    '2020-02-30T00:00:00Z',
    '2020-01-01T00:00:00.Z',
    '2020-01-01T00:00:00+24:00',
    '2020-01-01',
    '0000-01-01T00:00:00Z',
    '',
  ].map((value) => rejected(`"${value}" for Timestamp`, 'timestamp', `"${value}"`)),
  rejected('a number for Timestamp', 'timestamp', '1577836800'),
  kept('the first Timestamp', 'timestamp', '"0001-01-01T00:00:00Z"'),
  kept('the last Timestamp', 'timestamp', '"9999-12-31T23:59:59.999999Z"'),
  kept('a Timestamp in UTC', 'timestamp', '"2020-01-01T00:00:00Z"'),
  kept('a Timestamp with an offset', 'timestamp', '"2020-02-29T12:30:00-05:30"'),
  kept(
    'a Timestamp with escapes',
    'timestamp',
    '"2020-01-01T00\\u003a00:00\\u005a"',
    '"2020-01-01T00:00:00Z"',
  ),
  kept('a Timestamp with microseconds', 'timestamp', '"2020-01-01T00:00:00.123456Z"'),
  kept(
    'a Timestamp finer than a microsecond is cut in code',
    'timestamp',
    '"2020-01-01T00:00:00.9999999Z"',
    '"2020-01-01T00:00:00.999999Z"',
  ),
  ...['""', '"aGk="', '"QQ=="', '"/w=="', '"//8="', '"QUJD"'].map((value) =>
    kept(`${value} for Bytes`, 'blob', value),
  ),
  kept('Bytes with escapes', 'blob', '"\\u0051Q\\u003d="', '"QQ=="'),
  // The last two have bits in their last letter that no byte holds.
  ...['"aGk"', '"a-_="', '" aGk="', '"aGk=\\n"', '"a==="', '"===="', '1', '"QUJ="', '"QUJDQR=="'].map(
    (value) => rejected(`${value} for Bytes`, 'blob', value),
  ),
  ...['1 1', '1]', '1}', '1,', '"a"b'].map((value) =>
    malformed(`text after the value: ${value}`, 'json', value),
  ),
  ...[
    '01',
    '+1',
    '1.',
    '.5',
    '1e',
    "'a'",
    'True',
    'nul',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '// a\n1'.replace('\n', ' '),
  ].map((value) => malformed(`no JSON: ${value}`, 'json', value)),
  kept('white space around and inside a value', 'integers', ' [\t1 ,\r2 ] ', '[1,2]'),
  rejected('a tuple that is too short', 'pair', '[1]'),
  rejected('a tuple that is too long', 'pair', '[1,"a","b"]'),
  kept('a tuple', 'pair', '[1,"a"]'),
  rejected('no case of a sum', 'event', '{}'),
  rejected('two cases of a sum', 'event', '{"Quit":null,"Amount":1}'),
  rejected('an unknown case of a sum', 'event', '{"Other":1}'),
  rejected('a case of a sum with another payload', 'event', '{"Amount":"1"}'),
  kept('a case of a sum without a payload', 'event', '{"Quit":null}'),
  kept('a case of a sum with an Integer', 'event', '{"Amount":7}'),
  rejected('a boolean for Integer', 'integer', 'true'),
  rejected('1 for Boolean', 'truth', '1'),
  rejected('1 for Text', 'text', '1'),
  kept('()', 'nothing', 'null'),
];
