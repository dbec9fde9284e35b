import { describe, expect, test } from 'vitest';
import { printType } from '../../src/types/index.ts';
import { type Plan, planWorkflow } from '../../src/workflow/index.ts';
import { service, services, world } from './world.ts';

const more = [
  service('Words', '1.0.0', 'words: Text -> [Text]'),
  service('Maybe', '1.0.0', 'maybe: Text -> optional Integer\nmany: Text -> [optional Integer]'),
  service(
    'Num',
    '1.0.0',
    'double: Double -> Double\nshow: Integer -> Text\nwide: { a: Integer, b: Text } -> Text',
  ),
  service('Num2', '1.0.0', 'slim: { a: Integer } -> Text\nother: { c: Integer } -> Text\njson: Json -> Text'),
];
const wide = { ...world, services: [...services, ...more] };

function planOf(text: string): Plan {
  const { plan, diagnostics } = planWorkflow(text, wide);
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

/** `label -> labels` of each node. */
function edgesOf(text: string): string[] {
  const { nodes } = planOf(text);
  const labels = nodes.map((node) => ('label' in node ? node.label : node.kind === 'concat' ? '*' : '?'));
  return nodes.map((node, index) => {
    const to = 'to' in node ? node.to.map((each) => labels[each]).join(', ') : '';
    return `${labels[index]}${to === '' ? '' : ` -> ${to}`}`;
  });
}

/** Type of each source and each sink that is a connector. */
function typesOf(text: string): string[] {
  return planOf(text).nodes.flatMap((node) => {
    if (node.kind === 'source' && node.from.kind === 'connector') return [printType(node.from.type)];
    return node.kind === 'sink' ? [printType(node.into.type)] : [];
  });
}

function faultsOf(text: string): string[] {
  const { plan, diagnostics } = planWorkflow(text, wide);
  expect(plan).toBeUndefined();
  expect(diagnostics.length).toBeGreaterThan(0);
  return diagnostics.map(
    ({ place, message, hint }) => `${place?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

describe('a graph', () => {
  test.each([
    [
      'fans out: each branch takes every message',
      'file/a -> Clean -> (Late -> rabbitMQ/late & rabbitMQ/audit)',
      [
        'file/a -> Clean',
        'Clean -> Late, rabbitMQ/audit',
        'Late -> rabbitMQ/late',
        'rabbitMQ/audit',
        'rabbitMQ/late',
      ],
    ],
    [
      'fans in: sources come first',
      '(file/a -> Clean & file/b) -> Late -> log',
      ['file/a -> Clean', 'file/b -> Late', 'Clean -> Late', 'Late -> log', 'log'],
    ],
    [
      'opens and closes in the middle',
      'stdin -> (Clean.upper & acme/Clean) -> Demo.NumChars -> log',
      [
        'stdin -> Clean.upper, acme/Clean',
        'Clean.upper -> Demo.NumChars',
        'acme/Clean -> Demo.NumChars',
        'Demo.NumChars -> log',
        'log',
      ],
    ],
    [
      'is tapped by a branch that ends in a sink',
      'stdin -> Clean.upper -> (rabbitMQ/audit & acme/Clean) -> log',
      [
        'stdin -> Clean.upper',
        'Clean.upper -> rabbitMQ/audit, acme/Clean',
        'rabbitMQ/audit',
        'acme/Clean -> log',
        'log',
      ],
    ],
    [
      'is tapped at the source',
      'stdin -> (rabbitMQ/raw & Clean.upper) -> log',
      ['stdin -> rabbitMQ/raw, Clean.upper', 'rabbitMQ/raw', 'Clean.upper -> log', 'log'],
    ],
    [
      'is made of nested groups',
      'stdin -> ((log & Clean.upper) -> acme/Clean & Clean.upper) -> log',
      [
        'stdin -> log, Clean.upper, Clean.upper (2)',
        'log',
        'Clean.upper -> acme/Clean',
        'acme/Clean -> log (2)',
        'Clean.upper (2) -> log (2)',
        'log (2)',
      ],
    ],
    [
      'crosses fan-in with fan-out',
      '(file/a & file/b) -> (Late -> log & Late -> stdout)',
      [
        'file/a -> Late, Late (2)',
        'file/b -> Late, Late (2)',
        'Late -> log',
        'log',
        'Late (2) -> stdout',
        'stdout',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(edgesOf(text).toSorted()).toEqual(expected.toSorted());
  });

  test('has only later nodes behind each, and its sources first', () => {
    const { nodes } = planOf('((file/a -> Clean & file/b) & file/c) -> Late -> (log & stdout)');
    expect(nodes.map(({ kind }) => kind)).toEqual([
      ...['source', 'source', 'source'],
      ...['stage', 'stage', 'sink', 'sink'],
    ]);
    for (const [index, node] of nodes.entries())
      for (const to of 'to' in node ? node.to : []) expect(to).toBeGreaterThan(index);
  });

  test('goes on over parts, which may be branches', () => {
    expect(
      edgesOf(
        'ins = (file/a & file/b)\\nouts = (log & stdout)\\nw = ins -> Late -> outs'.replaceAll('\\n', '\n'),
      ),
    ).toEqual(['file/a -> Late', 'file/b -> Late', 'Late -> log, stdout', 'log', 'stdout']);
  });

  test('hands parameters around branches to each of them', () => {
    const { nodes } = planOf('file/a -> Clean -> (Score & Score { label = "in" }) { label = "out" } -> log');
    expect(nodes.flatMap((node) => (node.kind === 'stage' ? [node.service.parameters.label] : []))).toEqual([
      undefined,
      'out',
      'in',
    ]);
  });

  test.each([
    ['stdin -> (Clean.upper & log)', '11 a workflow ends with a sink, and Clean.upper is a service'],
    [
      '(stdin & Clean.upper) -> Demo.NumChars -> log',
      '10 a workflow begins with a source, and Clean.upper is a service',
    ],
    [
      'stdin -> Clean.upper -> (log & stdout) -> acme/Clean -> log',
      '43 nothing comes to acme/Clean: all before it are sinks (at least one branch must go on)',
    ],
    [
      'stdin -> Clean.upper -> rabbitMQ/x -> acme/Clean -> log',
      '25 rabbitMQ/x is a connector: it stands only at the head or the tail of a workflow (to send messages there on their way, let it be a branch: (rabbitMQ/x & Next))',
    ],
    ['stdin -> (Clean.upper & file/x -> acme/Clean) -> log', '25 file/x is a connector'],
    ['stdin -> (Clean.upper & Nothing) -> log', '25 there is no service Nothing'],
    [
      'stdin -> (Demo.NumChars & Clean.upper) -> acme/Clean -> log',
      '43 Demo.NumChars gives Integer, but acme/Clean takes Text',
    ],
    ['stdin -> Clean.upper -> (log<Integer> & stdout)', '30 Clean.upper gives Text, but log takes Integer'],
    [
      '(stdin<Text> & file/a<Integer>) -> Clean.upper -> log',
      '36 file/a gives Integer, but Clean.upper takes Text',
    ],
    ['p = (p & Late)\nstdin -> p -> log', '6 p is a part of itself: p -> p'],
    [
      `stdin -> (${'Late & '.repeat(200)}Late) -> (${'Late & '.repeat(200)}Late) -> log`,
      'at most 10000 connections',
    ],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });
});

describe('postfixes', () => {
  test('are nodes of their own, behind each branch of a group', () => {
    expect(edgesOf('stdin -> Words* -> Maybe? -> log')).toEqual([
      'stdin -> Words',
      'Words -> *',
      '* -> Maybe',
      'Maybe -> ?',
      '? -> log',
      'log',
    ]);
    expect(edgesOf('stdin -> (Words & stdout & Words)* -> log').toSorted()).toEqual(
      [
        'stdin -> Words, stdout, Words (2)',
        'Words -> *',
        'stdout',
        'Words (2) -> *',
        '* -> log',
        '* -> log',
        'log',
      ].toSorted(),
    );
    expect(edgesOf('p = Maybe.many*\nw = stdin -> p filter -> log')).toEqual([
      'stdin -> Maybe.many',
      'Maybe.many -> *',
      '* -> ?',
      '? -> log',
      'log',
    ]);
  });

  test.each([
    ['stdin -> Words* -> log', ['Text', 'Text']],
    ['stdin -> Maybe.many*? -> log', ['Text', 'Integer']],
    ['stdin * -> Clean.upper -> log', ['[Text]', 'Text']],
    ['stdin ? -> Clean.upper -> log', ['optional Text', 'Text']],
    ['stdin *? -> Clean.upper -> log', ['[optional Text]', 'Text']],
    ['stdin<[Text]> * -> Clean.upper -> log', ['[Text]', 'Text']],
    ['(stdin & file/a *) -> Clean.upper -> log', ['Text', '[Text]', 'Text']],
    ['(stdin & file/a)* -> Clean.upper -> log', ['[Text]', '[Text]', 'Text']],
    ['stdin * -> (Clean.upper & log) -> stdout', ['[Text]', 'Text', 'Text']],
  ])('%s', (text, expected) => {
    expect(typesOf(text)).toEqual(expected);
  });

  test.each([
    ['stdin -> Clean.upper* -> log', '21 Clean.upper gives Text, but * unpacks lists (leave the * out)'],
    ['stdin -> Words? -> log', '15 Words gives [Text], but ? drops missing optionals (the * unpacks lists)'],
    ['stdin -> Maybe.maybe* -> log', 'but * unpacks lists (the ? drops missing optionals)'],
    [
      'stdin -> Words -> Clean.upper -> log',
      '19 Words gives [Text], but Clean.upper takes Text (* unpacks lists: Words* -> ...)',
    ],
    [
      'stdin -> Maybe.maybe -> Num.show -> log',
      '25 Maybe gives optional Integer, but Num.show takes Integer: optional Integer may be missing, and Integer may not (? drops what is missing: Maybe? -> ...)',
    ],
    ['stdin -> Words* -> Num.show -> log', '20 Words* gives Text, but Num.show takes Integer'],
    ['stdin -> Words*', '15 a workflow ends with a sink (put an arrow and a sink behind it)'],
    ['stdin -> Clean.upper -> log*', '25 log is a connector'],
    ['stdin<Text> * -> Clean.upper -> log', '13 the source gives Text, but * unpacks lists'],
    ['stdin ? -> Num2.json -> log', '1 it is not known what the source gives'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });
});

describe('types of ends with several neighbours', () => {
  test.each([
    ['stdin -> (Clean.upper & Demo.NumChars) -> log<Json>', ['Text', 'Json']],
    ['stdin -> (Num.show -> log & Num.double -> stdout)', ['Integer', 'Text', 'Double']],
    ['stdin -> (Num2.slim & Num.wide) -> log', ['{ a: Integer, b: Text }', 'Text']],
    [
      'stdin<{ a: Integer, c: Integer }> -> (Num2.slim & Num2.other) -> log',
      ['{ a: Integer, c: Integer }', 'Text'],
    ],
    ['(stdin -> Num.double & file/a -> Demo.NumChars) -> log', ['Double', 'Text', 'Double']],
    ['stdin<Json> -> log', ['Json', 'Json']],
    ['stdin -> (log<Text> & stdout)', ['Text', 'Text', 'Text']],
  ])('%s', (text, expected) => {
    expect(typesOf(text)).toEqual(expected);
  });

  test.each([
    [
      'stdin -> (Clean.upper & Num.show) -> log',
      '1 no type of the source does for all behind it: Clean.upper takes Text, and Num.show takes Integer (state the type of its messages: stdin<...>)',
    ],
    [
      'stdin -> (Num2.slim & Num2.other) -> log',
      '1 no type of the source does for all behind it: Num2.slim takes { a: Integer }, and Num2.other takes { c: Integer }',
    ],
    ['stdin * -> (Clean.upper & Num.show) -> log', '1 no type of the source does for all behind it'],
    [
      'stdin -> (Clean.upper & Demo.NumChars) -> log',
      '43 no type of the sink does for all before it: Clean.upper gives Text, and Demo.NumChars gives Integer (state one that takes all: log<Json>)',
    ],
    ['(stdin & file/a -> Late) -> log', '2 it is not known what stdin gives'],
    ['(stdin -> log) { format = "text" }', '2 it is not known what the source gives'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('services as ends', () => {
  test('a function from Void is a source, and one to Void a sink', () => {
    const { nodes } = planOf('Ends.tick -> Clean.upper -> Ends.drop');
    expect(nodes).toMatchObject([
      { kind: 'source', label: 'Ends.tick', from: { kind: 'service', function: 'tick' }, to: [1] },
      { kind: 'stage', label: 'Clean.upper', to: [2] },
      { kind: 'stage', label: 'Ends.drop', service: { function: 'drop' }, to: [] },
    ]);
    expect(edgesOf('(Ends.tick & stdin) -> (Ends.drop & Clean.upper) -> log').toSorted()).toEqual(
      [
        'Ends.tick -> Ends.drop, Clean.upper',
        'stdin -> Ends.drop, Clean.upper',
        'Ends.drop',
        'Clean.upper -> log',
        'log',
      ].toSorted(),
    );
    expect(edgesOf('Ends.tick -> Ends.drop')).toHaveLength(2);
  });

  test.each([
    [
      'stdin -> Ends.tick -> log',
      '10 Ends.tick is a source: it takes Void (a source stands at the head of a workflow; several are joined as (a & b) -> ...)',
    ],
    [
      'stdin -> Ends.drop -> log',
      '10 Ends.drop is a sink: it gives Void (a sink stands at the tail of a workflow, or is a branch beside others: (Ends.drop & Next))',
    ],
    ['Ends.drop -> log', '1 a workflow begins with a source, and Ends.drop is a service'],
    ['stdin -> Clean.upper -> Ends.tick', '25 a workflow ends with a sink, and Ends.tick is a service'],
    ['Ends.tick', '1 a source alone is no workflow'],
    ['Ends.tick -> Num.show -> log', '14 Ends.tick gives Text, but Num.show takes Integer'],
    ['Ends -> log', '1 Ends has several functions (say which one: Ends.tick, Ends.drop)'],
    ['Ends.tick<Text> -> log', '11 Ends.tick takes no type in angle brackets'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });
});
