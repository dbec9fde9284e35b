import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectors as realConnectors } from '../../src/connectors/index.ts';
import { type Plan, parseWorkflow, planWorkflow } from '../../src/workflow/index.ts';
import { anyLetter } from '../support/any-letter.ts';
import { runs } from '../support/runs.ts';
import { workflowTrees } from './workflow-trees.ts';
import { connectors, services, world } from './world.ts';

function planOf(text: string, more: object = {}): Plan {
  const { plan, diagnostics } = planWorkflow(text, { ...world, ...more });
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

/** `column message (hint)` of each finding in a text of one line. */
function faultsOf(text: string): string[] {
  const { plan, diagnostics } = planWorkflow(text, world);
  expect(plan).toBeUndefined();
  expect(diagnostics.length).toBeGreaterThan(0);
  return diagnostics.map(({ place, message, hint, sourceLine }) => {
    expect(place).toMatchObject({ file: 'w.nst' });
    expect(sourceLine).toBe(text.split('\n')[(place?.line ?? 0) - 1]);
    return `${place?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

const stagesIn = (plan: Plan) => plan.nodes.filter((node) => node.kind === 'stage');
const stagesOf = (text: string) =>
  stagesIn(planOf(text)).map(
    ({ service: { service, version, function: name } }) => `${service}:${version}.${name}`,
  );
const sourceOf = (plan: Plan | undefined) => {
  const found = plan?.nodes.find((node) => node.kind === 'source')?.from;
  if (found?.kind !== 'connector') throw new Error('the source is no connector');
  return found;
};
const sinkOf = (plan: Plan | undefined) => {
  const found = plan?.nodes.find((node) => node.kind === 'sink');
  if (found === undefined) throw new Error('there is no sink');
  return found.into;
};
const endsOf = (plan: Plan) => ({ source: sourceOf(plan), sink: sinkOf(plan) });

describe('a plan', () => {
  test('holds everything that a start needs, as frozen plain JSON', () => {
    const text = 'delays = file/in.ndjson -> Clean -> Score { label = "late" } -> file/out.ndjson';
    const plan = planOf(text);
    expect(plan).toMatchObject({
      name: 'delays',
      text,
      nodes: [
        {
          kind: 'source',
          label: 'file/in.ndjson',
          from: {
            kind: 'connector',
            connector: 'file',
            parameters: { path: 'in.ndjson' },
            type: { kind: 'record' },
            format: 'json',
          },
          to: [1],
        },
        {
          kind: 'stage',
          label: 'Clean',
          service: {
            service: 'Clean',
            version: '1.2.0-SNAPSHOT',
            function: 'clean',
            image: 'sha256:Clean-1.2.0-SNAPSHOT',
            parameters: {},
            settings: {},
          },
          to: [2],
        },
        {
          kind: 'stage',
          label: 'Score',
          service: {
            service: 'Score',
            function: 'score',
            parameters: { threshold: 15, label: 'late', weights: [] },
          },
          to: [3],
        },
        {
          kind: 'sink',
          label: 'file/out.ndjson',
          into: {
            connector: 'file',
            parameters: { path: 'out.ndjson' },
            type: { kind: 'record' },
            format: 'json',
          },
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(Object.isFrozen(plan) && Object.isFrozen(stagesIn(plan)[0]?.service.parameters)).toBe(true);
  });

  test('is made with the connectors that there are', () => {
    const text = 'file/"in put.csv" { as = "csv" } -> Clean.upper -> stdout';
    const { plan, diagnostics } = planWorkflow(text, { services, connectors: realConnectors });
    expect(diagnostics).toEqual([]);
    expect(sourceOf(plan)).toMatchObject({
      connector: 'file',
      parameters: { path: 'in put.csv', as: 'csv' },
      format: 'text',
    });
    expect(sinkOf(plan)).toMatchObject({ connector: 'stdout', parameters: {}, format: 'text' });
  });

  test('is the same from a text and from its tree', () => {
    const text = 'stdin -> Demo.NumChars -> log';
    expect(planWorkflow(parseWorkflow(text, 'w.nst').tree, world)).toEqual(planWorkflow(text, world));
  });

  test('tells two stages of one service apart', () => {
    expect(
      stagesIn(planOf('stdin -> Clean.upper -> acme/Clean -> Clean.upper -> stdout')).map(
        ({ label }) => label,
      ),
    ).toEqual(['Clean.upper', 'acme/Clean', 'Clean.upper (2)']);
  });
});

describe('services', () => {
  test.each([
    ['Clean.clean', 'Clean:1.2.0-SNAPSHOT.clean'],
    ['Clean', 'Clean:1.2.0-SNAPSHOT.clean'],
    ['Clean:1.0.0', 'Clean:1.0.0.clean'],
    ['Clean:1.2.0-SNAPSHOT.clean', 'Clean:1.2.0-SNAPSHOT.clean'],
    ['Late', 'Late:1.0.0.late'],
  ])('%s is %s', (name, expected) => {
    expect(stagesOf(`file/in.ndjson -> ${name} -> log`)).toEqual([expected]);
  });

  test.each([
    ['Demo.NumChars', 'Demo.NumChars:0.1.0.numChars'],
    ['Demo.NumChars.numChars', 'Demo.NumChars:0.1.0.numChars'],
    ['Demo.NumChars:0.1.0.numChars', 'Demo.NumChars:0.1.0.numChars'],
    ['Demo.numChars', 'Demo:1.0.0.numChars'],
    ['acme/Clean', 'acme/Clean:1.0.0.run'],
    ['acme/Clean.run', 'acme/Clean:1.0.0.run'],
    ['acme/Clean:1.0.0.run', 'acme/Clean:1.0.0.run'],
    ['Clean:0.9.0', 'Clean:0.9.0.clean'],
  ])('%s is %s, the longest name that is a service', (name, expected) => {
    expect(stagesOf(`stdin -> ${name} -> log`)).toEqual([expected]);
  });

  test('an import gives a short name and a version', () => {
    expect(stagesOf('import Clean:0.9.0 as C\nimport Demo.NumChars\nstdin -> C.clean -> log')).toEqual([
      'Clean:0.9.0.clean',
    ]);
    expect(stagesOf('import Clean:0.9.0\nstdin -> Clean -> log')).toEqual(['Clean:0.9.0.clean']);
    expect(stagesOf('import Demo.NumChars:0.1.0 as N\nstdin -> N -> log')).toEqual([
      'Demo.NumChars:0.1.0.numChars',
    ]);
  });

  test.each([
    ['stdin -> Claen -> log', '10 there is no service Claen (did you mean "Clean"?)'],
    ['stdin -> clean -> log', '10 there is no service clean (did you mean "Clean"?)'],
    [
      'stdin -> Nothing -> log',
      '10 there is no service Nothing (there are Blob, Clean, Demo, Demo.NumChars, Ends, Late, Pair, Score; build it with nstack build)',
    ],
    ['stdin -> Clean.clen -> log', '10 Clean has no function clen (did you mean "Clean.clean"?)'],
    ['stdin -> Clean.foo -> log', '10 Clean has no function foo (it has clean, upper)'],
    ['stdin -> Demo -> log', '10 Demo has several functions (say which one: Demo.numChars, Demo.other)'],
    ['stdin -> Clean:3.0.0 -> log', '10 there is no Clean:3.0.0 (there are 1.2.0-SNAPSHOT, 1.0.0, 0.9.0)'],
    ['stdin -> acme/Cleen -> log', '10 there is no service acme/Cleen (did you mean "acme/Clean"?)'],
    [
      'stdin -> Clean.upper<Text> -> log',
      '22 Clean.upper takes no type in angle brackets: its types are in its api',
    ],
    ['import Nothing:1.0.0 as N\nstdin -> N.x -> log', '10 there is no service Nothing'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });

  test('where none is built yet, the hint says how', () => {
    const { diagnostics } = planWorkflow('stdin -> Clean -> log', { services: [], connectors });
    expect(diagnostics).toMatchObject([{ hint: 'no service is built yet: build one with nstack build' }]);
  });
});

describe('ends', () => {
  test('names of systems ignore case and have aliases', () => {
    expect(sinkOf(planOf('STDIN -> Clean.upper -> rabbitmq/out'))).toMatchObject({
      connector: 'rabbitMQ',
      parameters: { queue: 'out' },
    });
    expect(sinkOf(planOf('sources.File { path = "x" } -> Clean.upper -> SINKS.Rabbit')).connector).toBe(
      'rabbitMQ',
    );
  });

  test('the format is that of the type, unless it is said', () => {
    expect(endsOf(planOf('stdin -> Clean.upper -> log'))).toMatchObject({
      source: { format: 'text' },
      sink: { format: 'text' },
    });
    expect(endsOf(planOf('stdin -> Blob -> log'))).toMatchObject({
      source: { format: 'bytes' },
      sink: { format: 'bytes' },
    });
    expect(endsOf(planOf('stdin -> Demo.NumChars -> log'))).toMatchObject({
      source: { format: 'text' },
      sink: { format: 'json' },
    });
    expect(sourceOf(planOf('stdin { format = "json" } -> Clean.upper -> log'))).toMatchObject({
      format: 'json',
      parameters: {},
    });
  });

  test.each([
    [
      'Clean -> log',
      '1 a workflow begins with a source, and Clean is a service (a workflow begins with a source: file, stdin, or a function Void -> T)',
    ],
    [
      'stdin -> Clean',
      '10 a workflow ends with a sink, and Clean is a service (a workflow ends with a sink: file, rabbitMQ, stdout, log, or a function T -> Void)',
    ],
    ['stdin', '1 a source alone is no workflow (a workflow is source -> Service -> sink)'],
    [
      'stdin -> log',
      '1 it is not known what the source gives: nothing behind it says so (state the type of its messages: stdin<...>)',
    ],
    ['stdn -> Clean -> log', '1 there is no source stdn'],
    ['Sources.fil -> Clean -> log', '1 there is no source fil (did you mean "file"?)'],
    ['stdout -> Clean -> log', '1 stdout is no source (a workflow begins with a source: file, stdin)'],
    ['Sinks.file -> Clean -> log', '1 file is no source'],
    ['stdin -> Clean.upper -> stdin', '25 stdin is no sink'],
    ['stdin/x -> Clean.upper -> log', '1 stdin takes no path (write stdin alone)'],
    [
      'stdin -> file/x -> log',
      '10 file/x is a connector: it stands only at the head or the tail of a workflow',
    ],
    ['stdin -> log -> Clean -> log', '10 log is a connector'],
    ['Sources.file -> Clean -> log', '1 file needs the parameter path (write it in braces: { path = ... })'],
    ['file/a { path = "b" } -> Clean -> log', '10 path is given twice: file/... gives it too'],
    ['file/a { pth = "b" } -> Clean -> log', '10 file has no parameter pth (did you mean "path"?)'],
    [
      'file/a { as = "xml" } -> Clean -> log',
      '15 the parameter as of file must be one of ndjson, csv, parquet',
    ],
    ['Sources.file { path = 5 } -> Clean -> log', '23 the parameter path of file must be string'],
    [
      'file/a { format = "xml" } -> Clean -> log',
      '19 the format of file must be text, json or bytes (how a file is read is said by as: as = "xml")',
    ],
    [
      'file/a { format = "text" } -> Clean -> log',
      '19 the format text is for messages of type Text (take json)',
    ],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });
});

describe('types', () => {
  test('a source has the type of the first stage, or the one that is said', () => {
    expect(sourceOf(planOf('stdin -> Late -> log')).type).toEqual({
      kind: 'record',
      fields: [{ name: 'delay', type: { kind: 'integer' } }],
    });
    expect(sourceOf(planOf('stdin<{ delay: Integer, id: Text }> -> Late -> log')).type).toMatchObject({
      fields: [{ name: 'delay' }, { name: 'id' }],
    });
    expect(
      sourceOf(planOf('type F = { delay: Integer } // minutes\nstdin<F> -> Late -> log<Boolean>')).type,
    ).toMatchObject({ kind: 'named', name: 'F' });
  });

  test('a tuple goes whole from one stage to the next', () => {
    expect(stagesOf('stdin -> Pair.split -> Pair.join -> stdout')).toHaveLength(2);
  });

  test.each([
    [
      'stdin -> Demo.NumChars -> Late -> log',
      '27 Demo.NumChars gives Integer, but Late takes { delay: Integer } (no service that is built fits here)',
    ],
    [
      'stdin -> Clean -> Demo.NumChars -> log',
      '19 Clean gives Flight, but Demo.NumChars takes Text (here would fit: Clean.clean, Late.late, Score.score)',
    ],
    [
      'stdin -> Demo.NumChars -> Pair.join -> log',
      '27 Demo.NumChars gives Integer, but Pair.join takes (Text, Integer)',
    ],
    [
      'stdin<{ delay: Text }> -> Late -> log',
      '27 the source gives { delay: Text }, but Late takes { delay: Integer }: at $.delay, ',
    ],
    [
      'type Flight = { id: Text }\nstdin<Flight> -> Score { label = "x" } -> log',
      '18 the source gives Flight = { id: Text }, but Score takes Flight = { id: Text, delay: Double }: at $.delay, ',
    ],
    [
      'stdin -> Late -> log<Text>',
      '22 Late gives Boolean, but the sink takes Text (leave the type out: the sink takes what comes before it)',
    ],
    ['stdin<Txt> -> Late -> log', '7 there is no type Txt'],
    ['stdin<> -> Late -> log', '7 '],
    ['type A = Txt\nstdin<A> -> Late -> log', '10 there is no type Txt'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });

  test('a fault in a type that follows comments and other lines has its place', () => {
    const text =
      '// one\n/* two */ type A = {\n  a: Text, // three\n  b: Txt // four\n}\nstdin<A> -> Late -> log';
    expect(planWorkflow(text, world).diagnostics[0]).toMatchObject({
      place: { line: 4, column: 6, length: 3 },
      sourceLine: '  b: Txt // four',
    });
  });
});

describe('parameters', () => {
  const parametersOf = (text: string) => stagesIn(planOf(text)).at(-1)?.service.parameters;

  test('of a service are checked, and defaults filled in', () => {
    expect(parametersOf('file/a -> Score { label = "x", threshold = 3, weights = [1, 2.5] } -> log')).toEqual(
      {
        threshold: 3,
        label: 'x',
        weights: [1, 2.5],
      },
    );
  });

  test('around a group or a part are inherited, and the inner one wins', () => {
    expect(parametersOf('file/a -> (Clean -> Score) { label = "x" } -> log')).toMatchObject({ label: 'x' });
    expect(
      parametersOf('file/a -> (Clean -> Score { label = "in" }) { label = "out", threshold = 1 } -> log'),
    ).toMatchObject({ label: 'in', threshold: 1 });
    expect(parametersOf('file/a -> ((Score) { label = "in" }) { label = "out" } -> log')).toMatchObject({
      label: 'in',
    });
    expect(
      parametersOf('hot = Score { threshold = 30 }\nfile/a -> hot { label = "out", threshold = 1 } -> log'),
    ).toMatchObject({ label: 'out', threshold: 30 });
    expect(endsOf(planOf('(Sources.file -> Late -> Sinks.file) { path = "x" }'))).toMatchObject({
      source: { parameters: { path: 'x' } },
      sink: { parameters: { path: 'x' } },
    });
  });

  test.each([
    [
      'file/a -> Score -> log',
      '11 Score needs the parameter label, of type Text (write it in braces: { label = ... })',
    ],
    [
      'file/a -> Score { label = 5 } -> log',
      '27 the parameter label of Score does not fit Text: expected Text, found 5',
    ],
    [
      'file/a -> Score { label = "x", threshold = 1.0 } -> log',
      '44 the parameter threshold of Score does not fit Integer: expected Integer, found 1.0',
    ],
    [
      'file/a -> Score { label = "x", threshold = 9007199254740993 } -> log',
      '44 the parameter threshold of Score does not fit Integer: 9007199254740993 is beyond',
    ],
    ['file/a -> Score { label = "x", weights = [1, "2"] } -> log', 'expected Double, found "2" at $[1]'],
    [
      'file/a -> Score { label = "x", treshold = 1 } -> log',
      '32 Score has no parameter treshold (did you mean "threshold"?)',
    ],
    [
      'file/a -> Late { x = 1 } -> log',
      '18 Late has no parameter x (it has replicas, timeout, attempts, order)',
    ],
    ['file/a -> (Late) { x = 1 } -> log', '20 nothing in here has a parameter x'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });
});

describe('definitions', () => {
  test('parts are put in their place', () => {
    expect(
      stagesOf('head = stdin -> Clean.upper\ntail = Demo.NumChars -> log\nw = head -> acme/Clean -> tail'),
    ).toEqual(['Clean:1.2.0-SNAPSHOT.upper', 'acme/Clean:1.0.0.run', 'Demo.NumChars:0.1.0.numChars']);
    expect(planOf('part = Clean.upper\nw = stdin -> part -> log').name).toBe('w');
  });

  test('one of several is chosen by its name', () => {
    const text = 'a = stdin -> Clean.upper -> log\nb = stdin -> acme/Clean -> log';
    expect(stagesIn(planOf(text, { workflow: 'b' }))[0]?.service.service).toBe('acme/Clean');
    expect(faultsOf(text)[0]).toBe('1 the text has several workflows: a, b (say which one is meant)');
    expect(planWorkflow(text, { ...world, workflow: 'c' }).diagnostics[0]?.message).toBe(
      'there is no workflow c here',
    );
  });

  test.each([
    ['', '1 the text has no workflow'],
    ['// nothing', '1 the text has no workflow'],
    ['a = b\nb = a', '1 every workflow here is a part of another'],
    ['a = a -> a\nstdin -> a -> log', '5 a is a part of itself: a -> a'],
    ['a = stdin -> Late -> log\na = stdin -> Late -> log\nb = a', '1 a is declared twice'],
    ['p = Late\nstdin -> p<Text> -> log', '12 a part takes no type in angle brackets'],
  ])('%j', (text, expected) => {
    expect(faultsOf(text)[0]).toContain(expected);
  });
});

describe('hostile texts', () => {
  test('parts that double with each line are refused', () => {
    const doubling = Array.from({ length: 60 }, (_, index) => `p${index + 1} = p${index} -> p${index}`).join(
      '\n',
    );
    const circular = Array.from(
      { length: 60 },
      (_, index) => `c${index} = ${Array.from({ length: 60 }, (__, other) => `c${other}`).join(' -> ')}`,
    ).join('\n');
    expect(faultsOf(`p0 = Clean.upper\n${doubling}\nw = stdin -> p60 -> log`)[0]).toContain(
      'a workflow has at most 1000 stages',
    );
    expect(planWorkflow(`${circular}\nw = stdin -> c1 -> log`, world).plan).toBeUndefined();
  });

  test('branches that double with each line, and those that all differ, are refused', () => {
    const doubling = Array.from({ length: 60 }, (_, index) => `p${index + 1} = (p${index} & p${index})*`);
    const crossed = `(${Array(99).fill('Demo.NumChars').join(' & ')})`;
    expect(faultsOf(`p0 = Clean.upper\n${doubling.join('\n')}\nw = stdin -> p60 -> log`)[0]).toContain(
      'a workflow has at most 1000 stages',
    );
    expect(faultsOf(`stdin -> ${crossed} -> ${crossed} -> log`)).toHaveLength(100);
  });

  test('any tree ends in a plan or diagnostics', () => {
    fc.assert(
      fc.property(workflowTrees, (tree) => {
        const { plan, diagnostics } = planWorkflow(tree, world);
        expect(plan === undefined).toBe(diagnostics.length > 0);
      }),
      runs(150),
    );
  });

  test('a good workflow with some of it changed ends in a plan or diagnostics', () => {
    const good =
      'import Clean:1.0.0 as C\ntype F = { delay: Integer }\n// go\nw = (file/in.ndjson<F> & stdin<[F]> *) -> (Late { replicas = 2 } & log & Late) -> (log<Boolean> & Sinks.file { path = "o" })\n';
    expect(planOf(good).nodes).toHaveLength(8);
    const change = fc.record({
      at: fc.nat(good.length),
      remove: fc.nat(10),
      insert: fc.oneof(
        fc.string({ unit: anyLetter, maxLength: 3 }),
        fc.constantFrom(
          'Clean',
          ' -> ',
          '{',
          '}',
          '"__proto__"',
          '<',
          '>',
          'C.clean',
          '*',
          '?',
          ' & ',
          '(',
          ')',
          'concat ',
          ':1.0.0',
          '\n',
          '__proto__',
          'constructor',
        ),
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let text = good;
        for (const { at, remove, insert } of changes)
          text = text.slice(0, at) + insert + text.slice(at + remove);
        const { plan, diagnostics } = planWorkflow(text, world);
        expect(plan === undefined).toBe(diagnostics.length > 0);
      }),
      runs(80),
    );
  });
});
