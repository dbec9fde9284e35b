import type { Random } from './random.ts';

const sevens = (digits: number) => '7'.repeat(digits);
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const bytes = (...values: number[]) => Buffer.from(values).toString('latin1');

const numbers = [
  ...[
    '0',
    '1',
    '-1',
    '-0',
    '-0.0',
    '1.0',
    '1e2',
    '1E5',
    '1e+2',
    '0e0',
    '0E-0',
    '1.5',
    '00',
    '01',
    '-01',
    '+1',
  ],
  ...['1.', '.5', '1e', '1e+', '-', '--1', '0x10', '1_0', 'NaN', '-NaN', 'Infinity', '-Infinity', 'inf'],
  ...[
    '1e400',
    '-1e400',
    '1e-400',
    '-1e-400',
    '0e400',
    '1e309',
    '1.7976931348623157e308',
    '1.7976931348623158e308',
  ],
  ...['1.7976931348623159e308', '5e-324', '2e-324', '2.4703282292062327e-324', '2.2250738585072011e-308'],
  ...['9007199254740992', '9007199254740993', '9007199254740993.0', '0.1000000000000000055511151231257827'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '18446744073709551615'],
  ...['18446744073709551616', '-9223372036854775809', '1e22', '1e23', '8.41e21', '123456789012345678e-5'],
  ...[
    '1e99999999999999999999',
    '1e-99999999999999999999',
    '0e99999999999999999999',
    '1e2147483648',
    '1e-2147483649',
  ],
  ...[
    '1e9223372036854775808',
    '1e18446744073709551617',
    '0.000001',
    '0.0000001',
    '1e7',
    '1e-7',
    '1e16',
    '1e17',
  ],
  ...[18, 19, 20, 60, 308, 309, 310, 999, 1_000, 1_001, 1_002, 1_100].flatMap((digits) => [
    sevens(digits),
    `-${sevens(digits)}`,
    `${sevens(digits)}.0`,
    `0.${sevens(digits)}`,
    `1${'0'.repeat(digits)}`,
    `0.${'0'.repeat(digits)}1`,
    `0.${'0'.repeat(digits)}1e${digits}`,
    `1${'0'.repeat(digits)}e-${digits}`,
  ]),
];

const invalidUtf8 = [
  ...[bytes(0x80), bytes(0xff), bytes(0xfe), bytes(0xc3), bytes(0xe2, 0x82), bytes(0xf0, 0x9f, 0x98)],
  ...[bytes(0xc0, 0x80), bytes(0xc1, 0xbf), bytes(0xe0, 0x80, 0x80), bytes(0xe0, 0x9f, 0xbf)],
  ...[bytes(0xf0, 0x80, 0x80, 0x80), bytes(0xf0, 0x8f, 0xbf, 0xbf), bytes(0xed, 0xa0, 0x80)],
  ...[bytes(0xed, 0xbf, 0xbf), bytes(0xf4, 0x90, 0x80, 0x80), bytes(0xf5, 0x80, 0x80, 0x80)],
];
const validUtf8 = [
  'é',
  '漢',
  '🙂',
  '\u007f',
  '\u0080',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\u00a0',
  '\ufffd',
  '\uffff',
]
  .concat(['\u{10ffff}'])
  .map((text) => Buffer.from(text).toString('latin1'));
const escapes = [
  ...[
    '\\u0000',
    '\\u0001',
    '\\u000a',
    '\\u001f',
    '\\u0022',
    '\\u005c',
    '\\u007f',
    '\\u00e9',
    '\\uFFFF',
    '\\ufeff',
  ],
  ...['\\ud800', '\\udc00', '\\udbff\\udfff', '\\uD83D\\uDE00', '\\ude00\\ud83d', '\\ud83d\\ud83d\\ude00'],
  ...[
    '\\ud83d\\u0041',
    '\\ud83dx',
    '\\ud83d\\n',
    '\\ud83d\\',
    '\\',
    '\\x',
    '\\u',
    '\\u12',
    '\\u12G4',
    '\\U0041',
  ],
  ...['\\u+123', '\\u 123', '\\/', '\\b\\f\\n\\r\\t', "\\'", '\\0', '\\a', '\\v', '\\"', '\\\\'],
];
const controls = ['\0', '\u0001', '\t', '\r', '\u000b', '\f', '\u001f'];

const structure = [...'{}[]:,"\\', '/**/', '//', '#', ',,', '[]', '{}', '""', '":', '",', '},{', '],[', "'"];
const spaces = [' ', '\t', '\r', ' \t\r ', '\f', '\u000b', '\0', ...validUtf8.slice(5, 9)];
const members = [
  '"more":1,',
  '"more":{"a":[1e400]},',
  '"":0,',
  ',"more":null',
  ',"a":1,"a":2',
  '"__proto__":{},',
];
const words = ['null', 'true', 'false', 'nul', 'True', 'None', 'NULL', 'undefined', 'nullx', 'truefalse'];

/** Texts, byte by byte, to stand in for a whole value. */
export function hostileValue(random: Random): string {
  switch (random.below(8)) {
    case 0:
    case 1:
      return random.pick(numbers);
    case 2:
      return `"${hostileText(random)}"`;
    case 3:
      return `"${timestamp(random)}"`;
    case 4:
      return `"${base64(random)}"`;
    case 5:
      return random.pick([
        ...words,
        '{}',
        '[]',
        '""',
        '[null]',
        '{"a":null}',
        '[[]]',
        '"null"',
        '"1"',
        '[1,]',
        '{"a"}',
      ]);
    case 6:
      return random.chance(0.2) ? nested(random.pick([250, 255, 256, 257, 258, 300, 600])) : '[[[]]]';
    default:
      return random.pick(['0', '1', '1.5', '"a"', 'null', 'true']);
  }
}

/** What may be put in anywhere. */
export function hostilePiece(random: Random): string {
  return random.pick(
    random.pick([
      structure,
      structure,
      spaces,
      escapes,
      invalidUtf8,
      validUtf8,
      controls,
      members,
      words,
      numbers,
      tails,
    ]),
  );
}

const tails = ['.0', 'e5', 'E400', '0', '00', '-', '+', '.', 'Z', 'z', '=', '==', 'T', '+00:00'];

function hostileText(random: Random): string {
  const parts = Array.from({ length: random.below(4) + 1 }, () =>
    random.pick(
      random.pick([
        escapes,
        escapes,
        validUtf8,
        invalidUtf8,
        controls,
        ['a', 'plain ', '12', 'x'.repeat(70)],
      ]),
    ),
  );
  return parts.join('');
}

function timestamp(random: Random): string {
  const usual = 0.7;
  const part = (plain: string, odd: readonly string[]) => (random.chance(usual) ? plain : random.pick(odd));
  const date = [
    part('2024', [
      '0001',
      '9999',
      '0000',
      '1900',
      '2000',
      '1969',
      '10000',
      '24',
      '+2024',
      '-001',
      '1582',
      ' 024',
    ]),
    part('02', ['01', '12', '00', '13', '2', '04', '１２']),
    part('28', ['29', '30', '31', '00', '1', '32', '2é']),
  ].join(part('-', ['', '/', '--', '–']));
  const time = [
    part('12', ['00', '23', '24', '1', '-1', '1 ']),
    part('30', ['00', '59', '60', '5', '0x']),
    part('15', ['00', '59', '60', '61', '7']),
  ].join(part(':', ['', '.', '-']));
  const fraction = part('', [
    '.5',
    '.',
    '.123456',
    '.1234567',
    '.999999999',
    '.9999995',
    '.0000000',
    '.x',
    ',5',
    '.1_0',
    `.${'1'.repeat(50)}`,
  ]);
  const offset = part('Z', [
    ...[
      '+00:00',
      '-00:00',
      '+05:30',
      '-11:00',
      '+14:00',
      '+23:59',
      '-23:59',
      '+24:00',
      '-05:60',
      '+0500',
      '+05',
    ],
    ...[
      '',
      'z',
      ' Z',
      '+5:00',
      '+05:30:15',
      '-00:00:01',
      '+01:00Z',
      '\\u005a',
      '\\u007a',
      '+01\\u00300',
      '−01:00',
      '[UTC]',
      ' UTC',
    ],
  ]);
  return Buffer.from(
    `${date}${part('T', ['t', ' ', '', '_', '\\u0054', '\\u0074', '\\u0020'])}${time}${fraction}${offset}`,
  ).toString('latin1');
}

function base64(random: Random): string {
  const letters = 'ABQRSTgwxyz019+/';
  const body = Array.from({ length: random.below(9) }, () => letters[random.below(letters.length)]).join('');
  const padded = body + '='.repeat((4 - (body.length % 4)) % 4);
  return random.pick([
    ...[
      padded,
      padded,
      padded,
      body,
      `${body}=`,
      `${body}==`,
      `${padded}=`,
      `${padded}====`,
      ` ${padded}`,
      `${padded} `,
    ],
    ...[
      `${padded.slice(0, 2)}\\n${padded.slice(2)}`,
      padded.replace('/', '\\/'),
      padded.replace('=', '\\u003d'),
    ],
    ...[
      padded.replace(/[+/]/, '-'),
      padded.replace('A', '\\u0041'),
      `${padded}${padded}`,
      `${padded}\\u0000`,
      `=${body}`,
    ],
  ]);
}
