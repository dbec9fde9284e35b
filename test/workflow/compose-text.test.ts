import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  composeText,
  parseWorkflow,
  placesIn,
  planWorkflow,
  printWorkflow,
} from '../../src/workflow/index.ts';
import { workflowTrees } from './workflow-trees.ts';
import { world } from './world.ts';

/** The composed text in its canonical form. */
function composed(text: string, source?: string, sink?: string): string {
  const result = composeText({ source, text, sink, file: 'w.nstack' });
  expect(result.diagnostics).toEqual([]);
  const { tree, diagnostics } = parseWorkflow(result.text);
  expect(diagnostics).toEqual([]);
  return printWorkflow(tree).trimEnd();
}

describe('a text and its ends', () => {
  test.each([
    ['Clean', 'kafka/clicks', 'rabbitMQ/out', 'kafka/clicks -> Clean -> rabbitMQ/out'],
    ['Clean -> log', 'kafka/clicks', undefined, 'kafka/clicks -> Clean -> log'],
    ['stdin | Clean', undefined, 'log', 'stdin -> Clean -> log'],
    ['Clean', 'kafka/a & kafka/b', 'x & y -> log', '(kafka/a & kafka/b) -> Clean -> (x & y -> log)'],
    ['Clean', '(kafka/a & kafka/b)', 'log', '(kafka/a & kafka/b) -> Clean -> log'],
    ['A & B', 'stdin', 'log', 'stdin -> (A & B) -> log'],
    ['Clean // why', 'stdin // in', 'log // out', '// in\nstdin -> Clean -> log // out\n// why'],
    ['concat A -> B*', 'stdin', 'log', 'stdin -> A* -> B* -> log'],
    [
      'import Clean:1.0.0 as C\ndef w = C.clean { a = 1 } // go\n// end',
      'stdin',
      'log',
      'import Clean:1.0.0 as C\ndef w = stdin -> C.clean { a = 1 } -> log\n// go\n// end',
    ],
    ['p = A\nw = p -> B\nq = A', 'stdin', undefined, undefined],
    ['p = A -> B\nw = p -> p', 'stdin', 'log', 'def p = A -> B\ndef w = stdin -> p -> p -> log'],
  ])('%j between %j and %j', (text, source, sink, expected) => {
    if (expected !== undefined) expect(composed(text, source, sink)).toBe(expected);
    else expect(composeText({ text, source, sink, file: 'w' }).diagnostics).not.toEqual([]);
  });

  test('a text alone stays as it is', () => {
    expect(composeText({ text: 'stdin\n  -> Clean ->', file: 'w' })).toMatchObject({
      text: 'stdin\n  -> Clean ->',
      diagnostics: [],
    });
  });

  test('faults of syntax are told where they were typed', () => {
    const { diagnostics } = composeText({
      source: 'stdin ->',
      text: 'Clean',
      sink: 'a | & b',
      file: '<workflow>',
    });
    expect(diagnostics.map(({ place }) => `${place?.file}:${place?.line}:${place?.column}`)).toEqual([
      '--source:1:9',
      '--sink:1:5',
    ]);
    expect(composeText({ source: 'stdin', text: 'a = b\nb = a', file: 'w' }).diagnostics).toMatchObject([
      { code: 'no-workflow' },
    ]);
  });

  test.each([
    ['Claen', 'stdin', 'log', '<workflow>:1:1 stdin'],
    ['Clean.upper', 'stdin & sdtin', 'log', '--source:1:9'],
    ['Clean.upper', 'stdin', 'Clean.upper ->\n lgo', '--sink:2:2'],
    ['type T = Text\ndef w =  acme/Clean -> Claen // x', 'stdin', 'log', '<workflow>:2:24'],
    ['import Nothing\ndef w =  acme/Clean\n  -> Claen', 'stdin', undefined, '<workflow>:3:6'],
  ])('%j between %j and %j: what does not fit is told at %s', (text, source, sink, expected) => {
    const result = composeText({ source, text, sink, file: '<workflow>' });
    const { diagnostics } = planWorkflow(result.text, { ...world, file: '<workflow>' });
    const [found] = placesIn(result, diagnostics);
    expect(`${found?.place?.file}:${found?.place?.line}:${found?.place?.column}`).toBe(
      expected.split(' ')[0],
    );
  });

  test('any good texts compose to a good text', () => {
    fc.assert(
      fc.property(workflowTrees, fc.constantFrom(undefined, 'a', 'a & b', 'a // x'), (tree, end) => {
        const text = printWorkflow(tree);
        const result = composeText({ source: end, text, sink: end, file: 'w' });
        if (result.diagnostics.length > 0) return;
        expect(parseWorkflow(result.text).diagnostics).toEqual([]);
        expect(result.text.split('\n')).toHaveLength(result.origins.length);
        for (const [index, origin] of result.origins.entries()) {
          if (origin?.file !== 'w') continue;
          const line = result.text.split('\n')[index] ?? '';
          expect(text.split('\n')[origin.line - 1]?.slice(line.search(/\S|$/))).toContain(line.trimStart());
        }
      }),
    );
  });
});
