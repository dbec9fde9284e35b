import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/index.ts';
import { anyLetter } from '../support/any-letter.ts';
import { runs } from '../support/runs.ts';

const good = `name: ClickAnalytics
version: 1.2.0
stack: {language: python, version: "3.11"}
api: |
  type Click = { user: Text, url: Text, at: Timestamp, ms: Integer }
  score: Click -> Double
packages: [libsvm, "pip:numpy>=2"]
config:
  threshold: { type: Integer, default: 15 }
limits:
  memory: 512MiB
  timeout: 30s
env: { PORT: 8080 }
`;

/** Every finding is one that can be shown. */
function expectDiagnostics(text: Uint8Array | string): void {
  const { manifest, diagnostics } = parseManifest(text, 'nstack.yaml');
  expect(manifest === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  for (const { message, place } of diagnostics) {
    expect(message).not.toBe('');
    expect(place?.line).toBeGreaterThan(0);
    expect(place?.column).toBeGreaterThan(0);
  }
}

test('random bytes end in diagnostics', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => expectDiagnostics(bytes)),
    runs(100),
  );
});

test('random text of the signs of YAML ends in diagnostics', () => {
  const piece = fc.constantFrom(
    ...'-?:,[]{}#&*!|>\'"%@`\n \t~<=.0aN',
    '\n  ',
    'name',
    'api: |\n',
    'config:',
    '<<',
    '__proto__',
    '...',
    '---',
    '!!',
    '\ud800',
    '\u2028',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => expectDiagnostics(pieces.join(''))),
    runs(150),
  );
});

test('a good manifest with some of it changed ends in a manifest or diagnostics', () => {
  const change = fc.record({
    at: fc.nat(good.length),
    remove: fc.nat(12),
    insert: fc.oneof(
      fc.string({ unit: anyLetter, maxLength: 4 }),
      fc.constantFrom('null', '[]', '{}', '1e400', '-', '"', '\n', ': ', '&a ', '*a', '5'),
    ),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let text = good;
      for (const { at, remove, insert } of changes)
        text = text.slice(0, at) + insert + text.slice(at + remove);
      expectDiagnostics(text);
    }),
    runs(200),
  );
});

test('any JSON value in the place of any key ends in a manifest or diagnostics', () => {
  const keys = [
    'name',
    'version',
    'stack',
    'api',
    'packages',
    'entry',
    'parent',
    'files',
    'commands',
    'config',
    'limits',
    'network',
    'env',
    'secrets',
    'replicas',
    'description',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.json({ maxDepth: 3 }), (key, value) => {
      expectDiagnostics(
        `{"name": "A", "stack": "python", "api": "f: Text -> Text", "x-${key}": 1, "${key}": ${value}}`,
      );
      expectDiagnostics(`${key}: ${value}\n`);
    }),
    runs(100),
  );
});

// What takes more than its share of a megabyte's time runs into the patience of its test.
const MiB = 2 ** 20;
const fill = (piece: string, size = MiB) => piece.repeat(Math.floor(size / piece.length));

test.each([
  ['lists in lists', fill('[')],
  ['mappings in mappings', fill('{a: ')],
  ['dashes', fill('- ')],
  ['question marks', fill('? ')],
  ['commas', `[${fill(',', MiB - 10)}`],
  ['stray brackets', fill('}\n')],
  ['directives', fill('%a\n')],
  ['documents', fill('---\n')],
  ['many keys', Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')],
  ['one key again and again', fill('name: x\n')],
  ['an open quotation mark', fill('"a\n')],
  ['aliases', `a: &a x\nb: [${fill('*a, ', MiB - 100)}]`],
  ['indentation', Array.from({ length: 1300 }, (_, index) => `${' '.repeat(index)}a:`).join('\n')],
  ['a long name', `name: ${fill('a', MiB - 10)}`],
  ['a long api', `api: |\n${fill('  f: Text -> Text\n', MiB - 100)}`],
  ['a deep type', `api: "f: ${fill('[', 200_000)}"`],
  ['a number of a million digits', `replicas: ${fill('9', MiB - 100)}`],
  ['a deep default', `config: {a: {type: Json, default: ${'['.repeat(400)}${']'.repeat(400)}}}`],
])('a megabyte of %s ends in few findings', (_, text) => {
  const { manifest, diagnostics } = parseManifest(text, 'nstack.yaml');
  expect(manifest).toBeUndefined();
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThan(400);
  for (const { message } of diagnostics) expect(message.length).toBeLessThan(2_000);
});

test('aliases that would grow without bound are refused at the first', () => {
  const bomb = `a: &a ["x","x"]\n${Array.from('bcdefghijk', (letter, index) => `${letter}: &${letter} [${`*${'abcdefghijk'[index]},`.repeat(9)}]`).join('\n')}\n`;
  const { diagnostics } = parseManifest(bomb, 'nstack.yaml');
  expect(diagnostics.some(({ message }) => message === 'a manifest has no anchors: &a')).toBe(true);
});

test('an api whose types double with each name is refused', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `  type T${index + 1} = (T${index}, T${index})`);
  const { manifest } = parseManifest(
    `name: A\nstack: python\napi: |\n  type T0 = Text\n${lines.join('\n')}\n  f: T60 -> Text\n`,
    'nstack.yaml',
  );
  expect(manifest).toBeUndefined();
});

test('a text beyond a megabyte is refused by its size', () => {
  expect(parseManifest(fill('a', 2 * MiB), 'nstack.yaml').diagnostics[0]?.message).toBe(
    'nstack.yaml has 2097152 bytes, and may have 1048576 at most',
  );
});

test.each([
  ['UTF-16 with its mark', Buffer.from('\ufeffname: A', 'utf16le'), 'nstack.yaml is UTF-16, not UTF-8', 1],
  ['UTF-16 without', Buffer.from('name: A', 'utf16le'), 'nstack.yaml is UTF-16, not UTF-8', 1],
  [
    'big-endian UTF-16',
    Buffer.from('\ufeffname: A', 'utf16le').swap16(),
    'nstack.yaml is UTF-16, not UTF-8',
    1,
  ],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'nstack.yaml is UTF-32, not UTF-8', 1],
  [
    'Latin-1',
    Buffer.concat([Buffer.from('name: A\n# \ufffd\n'), Buffer.from('# Größe', 'latin1')]),
    'the text is no UTF-8 from here on',
    3,
  ],
  ['a byte 0', Buffer.from('name: A\n\nstack: \0'), 'the character U+0000 may not stand in a manifest', 3],
  [
    'an escape for the terminal',
    'name: A\nstack: \u001b[31m',
    'the character U+001B may not stand in a manifest',
    2,
  ],
  ['half a surrogate pair', 'name: \ud800', 'the character U+D800 may not stand in a manifest', 1],
])('%s is told by its name', (_, bytes, message, line) => {
  const { diagnostics } = parseManifest(bytes, 'nstack.yaml');
  expect(diagnostics).toMatchObject([{ message, place: { line } }]);
});
