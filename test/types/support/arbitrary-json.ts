import fc from 'fast-check';
import type { Type } from '../../../src/types/index.ts';

const space = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\n', '\t \r\n') },
);

/** JSON texts, most of which fit the type: any order, white space, escapes, repeated and unknown members, and some parts of other types. */
export function jsonFor(type: Type): fc.Arbitrary<string> {
  return fc.oneof({ weight: 30, arbitrary: fitting(type) }, { weight: 1, arbitrary: anyJson });
}

const integer = fc.oneof(
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.constantFrom(
    '0',
    '-0',
    '9'.repeat(60),
    `-${'7'.repeat(1000)}`,
    '1'.repeat(1001),
    '1.0',
    '1e2',
    '01',
    '-',
    '+1',
    '0x1',
    '1_0',
    '00',
  ),
);
const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  integer,
  fc.constantFrom(
    '1e400',
    '-1e400',
    '1E+308',
    '1e308',
    '1.8e308',
    '0e999999',
    '1e-999999',
    `${'1'.repeat(310)}`,
    `0.${'0'.repeat(400)}1e500`,
    `1${'0'.repeat(400)}e-300`,
    `${'9'.repeat(300)}.5`,
    '1.',
    '.5',
    '1e',
    '1e+',
    'NaN',
    'Infinity',
    '2e0',
    '-0.0',
  ),
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((plain) => JSON.stringify(plain)),
  fc.constantFrom(
    '""',
    '"\\u0000"',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\ude00"',
    '"\\ud83d\\u0041"',
    '"\\uD83Dx"',
    '"\\/"',
    '"\\x"',
    '"\\u12"',
    '"\\"',
    '"\u007f"',
    '"\t"',
    '"\u0000"',
    '"é漢🙂"',
    '"',
  ),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 7 }).map((plain) => JSON.stringify(Buffer.from(plain).toString('base64'))),
  fc.constantFrom(
    '"QQ=="',
    '"QR=="',
    '"QQ="',
    '"QQ"',
    '"QUI="',
    '"QUJ="',
    '"Q==="',
    '"===="',
    '"QUJD=QUJD"',
    '"QQ==QQ=="',
    '"Q Q="',
    '"-_-_"',
    '"\\u0051Q=="',
    '"\\/\\/\\/\\/"',
  ),
);
const timestamp = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
    .map((date) => JSON.stringify(date)),
  fc
    .tuple(
      fc.constantFrom(
        '2001-02-28',
        '2000-02-29',
        '1900-02-29',
        '2023-02-29',
        '2024-04-31',
        '2024-12-31',
        '0000-01-01',
        '2024-00-10',
        '2024-13-01',
        '2024-01-00',
      ),
      fc.constantFrom('T', 'T', 't', ' '),
      fc.constantFrom('00:00:00', '23:59:59', '24:00:00', '12:60:00', '23:59:60'),
      fc.constantFrom('', '.5', '.', '.123456789', '.x'),
      fc.constantFrom('Z', '+00:00', '-00:00', '+23:59', '+24:00', '-05:60', '', 'z', '+0500'),
    )
    .map((parts) => `"${parts.join('')}"`),
  fc.constant('"\\u0032001-01-01T00:00:00Z"'),
);

const scalars = {
  integer,
  double,
  text,
  bytes,
  timestamp,
  unit: fc.constant('null'),
  boolean: fc.constantFrom('true', 'false'),
  void: fc.constant('null'),
};

const anyJson: fc.Arbitrary<string> = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom('null', 'true', '[]', '{}', '1e400', 'nul', '[1,]', '{"a":1,}', '{"a"}', '[1 2]'),
  double,
  text,
);

function fitting(type: Type): fc.Arbitrary<string> {
  switch (type.kind) {
    case 'named':
      return fitting(type.target);
    case 'json':
      return anyJson;
    case 'optional':
      return fc.oneof(fc.constant('null'), jsonFor(type.item));
    case 'list':
      return fc.array(jsonFor(type.item), { maxLength: 3 }).chain((items) => joined('[', items, ']'));
    case 'tuple':
      return fc.tuple(...type.items.map(jsonFor)).chain((items) => joined('[', items, ']'));
    case 'map':
      return fc
        .array(
          fc
            .oneof(fc.constantFrom('a', 'b'), fc.string({ maxLength: 3 }))
            .chain((key) => member(key, type.item)),
          { maxLength: 3 },
        )
        .chain((members) => joined('{', members, '}'));
    case 'record':
      return recordText(type);
    case 'sum':
      return fc
        .array(fc.constantFrom(...type.cases), { minLength: 1, maxLength: 2 })
        .chain((cases) =>
          fc.tuple(
            ...(cases.length === 2 && cases[0] !== cases[1] ? cases.slice(1) : cases).map((part) =>
              member(part.name, part.type),
            ),
          ),
        )
        .chain((members) => joined('{', members, '}'));
    default:
      return scalars[type.kind];
  }
}

function recordText({ fields }: Type & { readonly kind: 'record' }): fc.Arbitrary<string> {
  const known = fields.map((field) => ({ name: field.name, type: field.type }));
  const again = known.length === 0 ? fc.constant(known) : fc.constantFrom(...known).map((field) => [field]);
  const unknown = fc.subarray([{ name: 'unknown', type: { kind: 'json' } as const }], { maxLength: 1 });
  const some = fc.oneof(
    { weight: 4, arbitrary: fc.constant(known) },
    { weight: 1, arbitrary: fc.shuffledSubarray(known, { minLength: Math.max(0, known.length - 1) }) },
  );
  const rarely = (arbitrary: fc.Arbitrary<typeof known>) =>
    fc.oneof({ weight: 6, arbitrary: fc.constant<typeof known>([]) }, { weight: 1, arbitrary });
  return fc
    .tuple(rarely(again), some, rarely(unknown), rarely(again))
    .chain((parts) => fc.tuple(...parts.flat().map(({ name, type }) => member(name, type))))
    .chain((members) => joined('{', members, '}'));
}

function member(name: string, type: Type): fc.Arbitrary<string> {
  return fc
    .tuple(key(name), space, space, jsonFor(type))
    .map(([left, one, two, value]) => `${left}${one}:${two}${value}`);
}

/** A key as it is usually written, or with each character as an escape. */
function key(name: string): fc.Arbitrary<string> {
  const escaped = [...Array(name.length).keys()].map(
    (index) => `\\u${name.charCodeAt(index).toString(16).padStart(4, '0')}`,
  );
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(JSON.stringify(name)) },
    { weight: 1, arbitrary: fc.constant(`"${escaped.join('')}"`) },
  );
}

function joined(open: string, parts: readonly string[], close: string): fc.Arbitrary<string> {
  return fc
    .array(space, { minLength: parts.length * 2 + 1, maxLength: parts.length * 2 + 1 })
    .map((spaces) => {
      const padded = parts.map((part, index) => `${spaces[index * 2]}${part}${spaces[index * 2 + 1]}`);
      return `${open}${padded.length === 0 ? spaces[0] : padded.join(',')}${close}`;
    });
}

/** The text with a few characters left out, put in, or changed. */
export function mutated(text: string): fc.Arbitrary<string> {
  const sign = fc.constantFrom(...'{}[]:,"\\0123456789.-+eEtfnula \n\u0001é');
  const change = fc.tuple(fc.nat(Math.max(0, text.length)), fc.nat(2), fc.oneof(sign, fc.constant('')));
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    let changed = text;
    for (const [at, length, put] of changes)
      changed = changed.slice(0, at) + put + changed.slice(at + length);
    return changed.toWellFormed();
  });
}
