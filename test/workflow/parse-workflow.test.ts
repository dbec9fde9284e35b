import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWorkflow } from '../../src/workflow/index.ts';
import { anyLetter } from '../support/any-letter.ts';
import { runs } from '../support/runs.ts';
import { withoutSpans } from './workflow-trees.ts';

/** The elements of the only pipeline of a text, without spans. */
function elementsOf(text: string): unknown {
  const { tree, diagnostics } = parseWorkflow(text);
  expect(diagnostics).toEqual([]);
  const plain = withoutSpans(tree) as { statements: { pipeline: { elements: unknown } }[] };
  return plain.statements[0]?.pipeline.elements;
}

/** Code, line, column and message of each finding. */
function faultsOf(text: string): string[] {
  return parseWorkflow(text, 'w.nst').diagnostics.map(({ place, message, hint }) => {
    return `${place?.line}:${place?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

const reference = (name: string, more: object = {}) => ({
  kind: 'reference',
  name,
  bindings: [],
  postfixes: [],
  ...more,
});
const path = (system: string, rest: string, more: object = {}) => ({
  kind: 'path',
  system,
  path: rest,
  bindings: [],
  postfixes: [],
  ...more,
});

describe('elements', () => {
  test('-> and | are the same', () => {
    expect(elementsOf('stdin -> Clean | Score -> log')).toEqual(elementsOf('stdin | Clean -> Score | log'));
  });

  test('a name ends before an arrow that stands right behind it', () => {
    expect(elementsOf('stdin->click-cleaning->Score|log')).toEqual([
      reference('stdin'),
      reference('click-cleaning'),
      reference('Score'),
      reference('log'),
    ]);
    expect(elementsOf('file/click-stream.ndjson->log')).toEqual([
      path('file', 'click-stream.ndjson'),
      reference('log'),
    ]);
  });

  test.each([
    ['file/flights-3m.parquet', 'flights-3m.parquet'],
    ['file//data/in.csv', '/data/in.csv'],
    ['file/../a_b/c~1@x%20+y:z', '../a_b/c~1@x%20+y:z'],
    ['file/"/data/in put.csv"', '/data/in put.csv'],
    ['file/"a\\"b\\u00e4"', 'a"bä'],
    ['file/größe-2.csv', 'größe-2.csv'],
  ])('%s is a path', (text, expected) => {
    expect(elementsOf(text)).toEqual([path('file', expected)]);
  });

  test.each([
    ['Clean:1.2.0', { name: 'Clean', version: '1.2.0' }],
    ['Clean:1.2.0-SNAPSHOT', { name: 'Clean', version: '1.2.0-SNAPSHOT' }],
    ['Demo.NumChars:0.1.0.numChars', { name: 'Demo.NumChars', version: '0.1.0', member: 'numChars' }],
    ['Clean:1.2.0-SNAPSHOT.clean', { name: 'Clean', version: '1.2.0-SNAPSHOT', member: 'clean' }],
    ['Clean:1.2.0-rc.1', { name: 'Clean', version: '1.2.0-rc.1' }],
    ['Demo.NumChars.numChars', { name: 'Demo.NumChars.numChars' }],
  ])('%s is a service', (text, expected) => {
    expect(elementsOf(`${text}->log`)).toEqual([
      { kind: 'reference', bindings: [], postfixes: [], ...expected },
      reference('log'),
    ]);
  });

  test('a type stands in angle brackets, and parameters in braces', () => {
    expect(
      elementsOf('Sources.file<[{ a: Text, "b>": Integer }]> { path = "x.csv", as = "csv" } -> log'),
    ).toEqual([
      reference('Sources.file', {
        type: { text: '[{ a: Text, "b>": Integer }]' },
        bindings: [
          { name: 'path', value: { kind: 'text', text: 'x.csv' } },
          { name: 'as', value: { kind: 'text', text: 'csv' } },
        ],
      }),
      reference('log'),
    ]);
  });

  test('values keep every digit, and may be lists and records', () => {
    expect(elementsOf('a { n = 9007199254740993, l = [-1.50, true, null], r = { "x y" = {} } }')).toEqual([
      reference('a', {
        bindings: [
          { name: 'n', value: { kind: 'number', text: '9007199254740993' } },
          {
            name: 'l',
            value: {
              kind: 'list',
              items: [{ kind: 'number', text: '-1.50' }, { kind: 'boolean', value: true }, { kind: 'null' }],
            },
          },
          {
            name: 'r',
            value: { kind: 'record', fields: [{ name: 'x y', value: { kind: 'record', fields: [] } }] },
          },
        ],
      }),
    ]);
  });

  test('parentheses make a group that takes parameters', () => {
    expect(elementsOf('stdin -> (Clean | Score) { threshold = 15 } -> log')).toEqual([
      reference('stdin'),
      {
        kind: 'group',
        branches: [{ elements: [reference('Clean'), reference('Score')] }],
        bindings: [{ name: 'threshold', value: { kind: 'number', text: '15' } }],
        postfixes: [],
      },
      reference('log'),
    ]);
  });
});

describe('postfixes', () => {
  const concat = { kind: 'concat' };
  const filter = { kind: 'filter' };

  test.each([
    ['Clean*', [concat]],
    ['Clean ?*', [filter, concat]],
    ['Clean { }*?', [concat, filter]],
    ['Clean concat', [concat]],
    ['Clean filter concat', [filter, concat]],
    ['concat Clean', [concat]],
    ['concat filter Clean', [filter, concat]],
    ['concat Clean?', [filter, concat]],
    ['Clean -> concat', [concat]],
    ['Clean -> concat | filter', [concat, filter]],
    ['Clean* -> filter', [concat, filter]],
  ])('%s', (text, postfixes) => {
    expect(elementsOf(`stdin -> ${text} -> log`)).toEqual([
      reference('stdin'),
      reference('Clean', { postfixes }),
      reference('log'),
    ]);
  });

  test('stand behind groups, types and braces, and in front of braces', () => {
    const binding = { name: 'a', value: { kind: 'number', text: '1' } };
    expect(elementsOf('(A)* -> log')).toMatchObject([{ kind: 'group', postfixes: [concat] }, {}]);
    expect(elementsOf('stdin<[Text]>* -> A { a = 1 }* -> A* { a = 1 } -> log')).toEqual([
      reference('stdin', { type: { text: '[Text]' }, postfixes: [concat] }),
      reference('A', { bindings: [binding], postfixes: [concat] }),
      reference('A', { bindings: [binding], postfixes: [concat] }),
      reference('log'),
    ]);
  });

  test('stand apart from a path', () => {
    const expected = [path('kafka', 'x', { postfixes: [concat] }), reference('log')];
    expect(elementsOf('kafka/x * -> log')).toEqual(expected);
    expect(elementsOf('kafka/"x"* -> log')).toEqual(expected);
    expect(elementsOf('(kafka/x)*')).toMatchObject([{ kind: 'group', postfixes: [concat] }]);
  });

  test('a service may have a name that is a word here, with more behind it', () => {
    expect(elementsOf('stdin -> concat.concat -> filter:1.0.0 -> log')).toMatchObject([
      {},
      { name: 'concat.concat' },
      { name: 'filter', version: '1.0.0' },
      {},
    ]);
  });
});

describe('branches', () => {
  const concat = { kind: 'concat' };
  const filter = { kind: 'filter' };
  const names = (group: unknown) =>
    (group as { branches: { elements: { name: string }[] }[] }).branches.map(({ elements }) =>
      elements.map(({ name }) => name),
    );

  test('are joined by & in parentheses, and the arrow binds tighter', () => {
    const [, group] = elementsOf('stdin -> (A -> B & C | log)') as unknown[];
    expect(names(group)).toEqual([
      ['A', 'B'],
      ['C', 'log'],
    ]);
  });

  test('go over lines, nest, and take parameters and postfixes', () => {
    const [group] = elementsOf('(a\n  & (b & c)* { x = 1 }\n  & d?)? { y = 2 }') as { postfixes: unknown }[];
    expect(group).toMatchObject({
      postfixes: [filter],
      bindings: [{ name: 'y' }],
      branches: [
        {},
        { elements: [{ kind: 'group', postfixes: [concat], bindings: [{ name: 'x' }] }] },
        { elements: [{ name: 'd', postfixes: [filter] }] },
      ],
    });
  });
});

describe('statements', () => {
  test('a definition has a name with or without def, and goes on over lines that begin or end with an arrow', () => {
    const { tree, diagnostics } = parseWorkflow(
      'def a = stdin\n  -> Clean |\n  log\nb = stdin -> Clean\n  -> log\n',
    );
    expect(diagnostics).toEqual([]);
    expect(
      tree.statements.map(
        (statement) =>
          statement.kind === 'definition' && [statement.name, statement.pipeline.elements.length],
      ),
    ).toEqual([
      ['a', 3],
      ['b', 3],
    ]);
  });

  test('imports and types stand beside definitions', () => {
    const { tree, diagnostics } = parseWorkflow(
      'import Demo.NumChars:0.1.0 as N\nimport Clean\ntype Event = Click { user: Text }\n  | Quit ()\nstdin -> N.numChars -> log',
    );
    expect(diagnostics).toEqual([]);
    expect(withoutSpans(tree)).toMatchObject({
      statements: [
        { kind: 'import', service: 'Demo.NumChars', version: '0.1.0', alias: 'N' },
        { kind: 'import', service: 'Clean' },
        { kind: 'type', declaration: { text: 'type Event = Click { user: Text }\n  | Quit ()' } },
        { kind: 'definition' },
      ],
    });
  });

  test('// begins a comment after white space or at the start of a line alone', () => {
    expect(elementsOf('// one\nfile//data -> // two\n Clean /* three\n */ -> log//x')).toEqual([
      path('file', '/data'),
      reference('Clean'),
      path('log', '/x'),
    ]);
  });

  test('a comment sign in quotation marks is text', () => {
    expect(elementsOf('file/"a // b /* c" -> log')).toEqual([path('file', 'a // b /* c'), reference('log')]);
  });
});

describe('faults', () => {
  test.each([
    [
      'stdin -> [Clean, Score] -> log',
      '1:10 expected a source, a service or a sink, found "[" (branches stand in parentheses, joined by &: (Clean & Score))',
    ],
    [
      'stdin -> (Clean, Score) -> log',
      '1:16 expected "->", "&" or ")", found "," (branches are joined by &)',
    ],
    [
      'kafka/a & kafka/b -> Clean -> log',
      '1:9 expected -> and the next stage, found "&" (branches stand in parentheses: (kafka/a & kafka/b) -> Clean)',
    ],
    ['stdin -> (Clean & ) -> log', '1:19 expected a source, a service or a sink, found ")"'],
    [
      'kafka/x* -> log',
      '1:1 "x*" is no path (quote a path with other signs: kafka/"x*", or put a blank before the *: kafka/x *)',
    ],
    [
      '(kafka/a& kafka/b) -> log',
      '1:2 "a&" is no path (quote a path with other signs: kafka/"a&", or put a blank before the &: kafka/a &)',
    ],
    ['(kafka/x?) -> log', '1:2 "x?" is no path'],
    [
      '* -> log',
      '1:1 expected a source, a service or a sink, found "*" (* and ? stand behind what gives lists or optionals)',
    ],
    ['concat -> log', '1:8 expected a source, a service or a sink, found "->"'],
    [
      'filter = stdin -> log',
      '1:1 expected another name for the workflow, found "filter" (concat and filter are words of the language)',
    ],
    [`stdin -> A${'*'.repeat(33)} -> log`, '1:10 expected at most 32 times * or ? behind a stage'],
    ['file/*.csv -> log', '1:1 "*.csv" is no path (quote a path with other signs: file/"*.csv")'],
    ['file/a--b.csv -> log', '1:1 "a--b.csv" is no path (quote a path with other signs: file/"a--b.csv")'],
    ['file/ -> log', '1:1 "" is no path (quote a path with other signs: file/"name")'],
    [
      'file/in put.csv -> log',
      '1:9 expected -> and the next stage, found "put.csv" (join stages with ->, and quote a path with blanks)',
    ],
    ['stdin → log', '1:7 "→" has no meaning here (write ->)'],
    [
      'stdin -> Clean -- log',
      '1:16 "--" has no meaning here (a text stands in double quotation marks, a number has digits alone)',
    ],
    [
      'stdin -> Clean:1.2 -> log',
      '1:15 expected -> and the next stage, found ":" (a version has three numbers, such as Clean:1.2.0)',
    ],
    ['stdin -> Score { threshold: 15 } -> log', '1:27 expected "=", found ":" (write threshold = ...)'],
    [
      'stdin -> Score { label = late } -> log',
      '1:26 expected a value: a text in quotation marks, a number, true, false, [list] or { record }, found "late" (a text stands in double quotation marks)',
    ],
    ['stdin -> Score { a = 1, a = 2 } -> log', '1:25 a is given twice'],
    ['stdin -> Score { a = 1 b = 2 } -> log', '1:24 expected "," or "}", found "b"'],
    [
      'stdin -> Score { a = 15s }',
      '1:22 "15s" has no meaning here (a text stands in double quotation marks, a number has digits alone)',
    ],
    ['stdin -> Score { a = "x\n }', '1:22 "\\"" has no meaning here (a text ends with " on the same line)'],
    [
      'stdin ->',
      '1:9 expected a source, a service or a sink, the text ends (such as Clean, Score.score or file/flights.ndjson)',
    ],
    ['Sources.file<Text -> log', '1:13 the < has no >'],
    ['stdin -> /* Clean', '1:10 the comment has no end (close it with */)'],
    ['def a.b = stdin -> log', '1:5 expected a name for the workflow, found "a.b"'],
    ['type A = Text # why', '1:15 "#" has no meaning here (a comment begins with // after white space)'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });

  test('every statement with a fault is told, and the good ones are read', () => {
    const { tree, diagnostics } = parseWorkflow(
      'a = stdin -> -> log\nb = stdin -> Clean -> log\nimport 5\nc = (stdin -> Clean\n',
    );
    expect(diagnostics.map(({ place }) => place?.line)).toEqual([1, 3, 5]);
    expect(tree.statements).toHaveLength(1);
  });

  test('a finding shows the line it is in', () => {
    expect(parseWorkflow('a = stdin -> log\nb = stdin -> ? -> log', 'w.nst').diagnostics[0]).toMatchObject({
      place: { file: 'w.nst', line: 2, column: 14, length: 1 },
      sourceLine: 'b = stdin -> ? -> log',
    });
  });
});

describe('hostile texts', () => {
  test('any text ends in a tree and diagnostics', () => {
    const pieces = fc.constantFrom(
      '->',
      '|',
      '<',
      '>',
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '"',
      '\\',
      '/',
      '//',
      '/*',
      '*/',
      '\n',
      ' ',
      '=',
      ',',
      ':',
      '-',
      'def',
      'type A =',
      'import',
      'file/',
      'A',
      '1',
      '1.2.0',
      '.',
      '#',
      '\0',
      '\ud800',
      '💥',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: anyLetter }),
          fc.array(pieces, { maxLength: 60 }).map((each) => each.join('')),
        ),
        (text) => {
          const { diagnostics } = parseWorkflow(text);
          for (const { place, sourceLine } of diagnostics) {
            expect(place?.column).toBeGreaterThan(0);
            expect(place?.column).toBeLessThanOrEqual((sourceLine?.length ?? 0) + 1);
          }
        },
      ),
      runs(200),
    );
  });

  test.each([
    '<',
    '"',
    '(',
    '[',
    '{',
    '/*',
    '// ',
    'a{',
    'a -> ',
    'file/',
    '\\',
    '-',
    'type A = {\n',
    'a{b=[',
    '"\\',
    ' /*',
    '((',
    'type A = "',
    '\n|',
  ])('256 KiB of %s end in at most a hundred findings', (piece) => {
    const text = `stdin -> ${piece.repeat(Math.floor(262_000 / piece.length))}`;
    expect(parseWorkflow(text).diagnostics.length).toBeLessThanOrEqual(100);
  });

  test('a longer text is refused', () => {
    expect(faultsOf('a'.repeat(300_000))).toEqual(['1:1 the workflow has more than 262144 characters']);
  });
});
