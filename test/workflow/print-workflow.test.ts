import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseWorkflow, printWorkflow } from '../../src/workflow/index.ts';
import { runs } from '../support/runs.ts';
import { withoutSpans, workflowTrees } from './workflow-trees.ts';

test('what is printed reads as the same tree', () => {
  fc.assert(
    fc.property(workflowTrees, (tree) => {
      const { tree: read, diagnostics } = parseWorkflow(printWorkflow(tree));
      expect(diagnostics).toEqual([]);
      expect(withoutSpans(read)).toEqual(withoutSpans(tree));
    }),
    runs(150),
  );
});

test('printing again changes nothing', () => {
  fc.assert(
    fc.property(workflowTrees, (tree) => {
      const once = printWorkflow(tree);
      expect(printWorkflow(parseWorkflow(once).tree)).toBe(once);
    }),
  );
});

test('a workflow takes its canonical form and keeps its comments', () => {
  const written = `// flights of today
import Demo.NumChars:0.1.0   as N
/* what
   comes */ type Big={ n : Integer, // how many
  m: Text }
lengths = Sources.file<Text>{path="in.txt"}|N.numChars { a=1
  b = [1,2] } // and out
   | stdout
// the end`;
  expect(printWorkflow(parseWorkflow(written).tree)).toBe(`// flights of today
import Demo.NumChars:0.1.0 as N
/* what
   comes */
// how many
type Big={ n : Integer,
  m: Text }
// and out
def lengths = Sources.file<Text> { path = "in.txt" } -> N.numChars { a = 1, b = [1, 2] } -> stdout
// the end
`);
});

test('what fans out and in, and is unpacked, takes its canonical form', () => {
  const written =
    'w = (kafka/a *?&kafka/b concat) | A{}*{ a=1 } | (filter Score->kafka/"x"?\n&rabbit/z{b=2}*)?*';
  expect(printWorkflow(parseWorkflow(written).tree)).toBe(
    'def w = (kafka/a *? & kafka/b *) -> A { a = 1 }* -> (Score? -> kafka/x ? & rabbit/z { b = 2 }*)?*\n',
  );
});

test('branches that are long for one line stand below each other', () => {
  const name = 'AServiceWithALongName';
  const branch = `${name} -> ${name}`;
  const long = `${branch} -> ${branch} -> ${name}`;
  const text = `w = stdin -> (${branch} & (${branch} & ${long} & log) { a = 1 })* -> log`;
  expect(printWorkflow(parseWorkflow(text).tree)).toBe(`def w = stdin
  -> (
    ${branch}
    & (
        ${branch}
        & ${long.split(' -> ').join(`\n          -> `)}
        & log
      ) { a = 1 }
  )*
  -> log
`);
});

test('a long workflow is broken before its arrows', () => {
  const name = 'AServiceWithALongName';
  expect(
    printWorkflow(parseWorkflow(`w = stdin -> ${name} -> ${name} -> ${name} -> ${name} -> stdout`).tree),
  ).toBe(`def w = stdin\n  -> ${name}\n  -> ${name}\n  -> ${name}\n  -> ${name}\n  -> stdout\n`);
});
