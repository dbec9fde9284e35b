import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConnections } from '../../../src/connectors/connections/parse-connections.ts';
import { runs } from '../../support/runs.ts';
import { testConnectors } from './support/store.ts';

function parse(bytes: Uint8Array | string) {
  return parseConnections(bytes, { path: '/c/connections.yaml', file: 'c.yaml', connectors: testConnectors });
}

const good = `connections:
  store: { host: a, port: 5, sasl: { mechanism: plain, password: { env: A } } }
secrets:
  KEY: { command: [a, b] }
`;

const MiB = 2 ** 20;
const fill = (piece: string, size = MiB) => piece.repeat(Math.floor(size / piece.length));
const bomb = `connections:\n  a: &a [x, x]\n${Array.from({ length: 30 }, (_, i) => `  b${i}: &b${i} [*a, *a]`).join('\n')}\n`;

test.each([
  ['lists in lists', fill('[')],
  ['mappings in mappings', fill('{a: ')],
  ['deep settings', `connections: {store: ${'{sasl: '.repeat(5000)}`],
  ['aliases of aliases', bomb],
  [
    'many connections',
    `connections:\n${Array.from({ length: 3000 }, (_, i) => `  c${i}: {system: store}\n`).join('')}`,
  ],
  [
    'many unknown settings',
    `connections:\n  store:\n${Array.from({ length: 5000 }, (_, i) => `    k${i}: x\n`).join('')}`,
  ],
  ['a long value', `connections: {store: {host: a, username: "${fill('a', MiB - 100)}!"}}`],
  ['more than a file may have', fill('a', 2 * MiB)],
  ['zeros', '\0'.repeat(1000)],
  [
    'a prototype',
    'connections: {__proto__: {host: a}, constructor: {host: a}, store: {__proto__: {a: b}, host: a}}',
  ],
  ['names of objects', 'connections: {toString: 5}\nsecrets: {hasOwnProperty: 5}\ntoString: 1'],
])('%s end in diagnostics', (_, text) => {
  const { diagnostics } = parse(text);
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThanOrEqual(101);
});

describe('whatever the text is, there is an answer', () => {
  test('for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(parse(bytes)).toBeDefined();
      }),
    );
  });

  test('for a good file with some of it changed', () => {
    const change = fc.record({
      at: fc.nat(good.length),
      remove: fc.nat(10),
      insert: fc.constantFrom(
        'null',
        '[]',
        '{}',
        '5',
        '"',
        '\n',
        ': ',
        '&a ',
        '*a',
        '!t ',
        ', ',
        '<<: ',
        'true',
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let text = good;
        for (const { at, remove, insert } of changes)
          text = text.slice(0, at) + insert + text.slice(at + remove);
        for (const { message, place } of parse(text).diagnostics) {
          expect(message).not.toBe('');
          expect(place?.line).toBeGreaterThan(0);
        }
      }),
      runs(25),
    );
  });

  test('for any JSON value in the place of any setting', () => {
    const places = [
      'connections',
      'secrets',
      'store',
      'password',
      'sasl',
      'tokens',
      'tls',
      'brokers',
      'env',
      'KEY',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.json({ maxDepth: 3 }), (name, value) => {
        const settings = `host: a, "${name}": ${value}`;
        expect(parse(`connections: {store: {${settings}}}`)).toBeDefined();
        expect(parse(`connections: {store: {host: a, sasl: {${settings}}}}`)).toBeDefined();
        expect(parse(`"${name}": ${value}`)).toBeDefined();
        expect(parse(`secrets: {"${name}": ${value}}`)).toBeDefined();
      }),
      runs(12),
    );
  });
});

test('a password in plain text is in no diagnostic, wherever it stands', () => {
  const password = fc.stringMatching(/^[!-~]{6,20}$/).filter((text) => !/^[-\d.,:*'"{}[\]]+$/.test(text));
  const writers: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify(text),
    (text) => `'${text.replaceAll("'", "''")}'`,
    (text) => `[${JSON.stringify(text)}]`,
    (text) => `{ value: ${JSON.stringify(text)} }`,
    (text) => `|\n          ${text}`,
  ];
  const names = ['password', 'pasword', 'PASSWORD', 'secret', 'tokens', 'sasl'];
  fc.assert(
    fc.property(password, fc.constantFrom(...writers), fc.constantFrom(...names), (text, write, name) => {
      const unique = `q7${text}`;
      const file = `connections:\n  store:\n    prot: 5\n    ${name}: ${write(unique)}\n`;
      const { diagnostics, connections } = parse(file);
      expect(connections).toEqual([]);
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(JSON.stringify(diagnostics)).not.toContain(unique);
    }),
    runs(40),
  );
});
