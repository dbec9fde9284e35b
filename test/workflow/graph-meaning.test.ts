import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  composeText,
  type Plan,
  parseWorkflow,
  planWorkflow,
  printWorkflow,
} from '../../src/workflow/index.ts';
import { runs } from '../support/runs.ts';
import { world } from './world.ts';

/** A part of a workflow: its text, and how many messages go on and end in sinks where so many come. */
interface Piece {
  readonly text: string;
  count(messages: number): { readonly on: number; readonly ended: number };
}

const chain = (pieces: readonly Piece[]): Piece => ({
  text: pieces.map(({ text }) => text).join(' -> '),
  count(messages) {
    let [on, ended] = [messages, 0];
    for (const piece of pieces) {
      const counted = piece.count(on);
      on = counted.on;
      ended += counted.ended;
    }
    return { on, ended };
  },
});

const group = (pieces: readonly Piece[]): Piece => ({
  text: `(${pieces.map(({ text }) => text).join(' & ')})`,
  count(messages) {
    const counted = pieces.map((piece) => piece.count(messages));
    const sum = (what: 'on' | 'ended') => counted.reduce((total, each) => total + each[what], 0);
    return { on: sum('on'), ended: sum('ended') };
  },
});

const stage: fc.Arbitrary<Piece> = fc
  .constantFrom('Clean.upper', 'acme/Clean', 'acme/Clean { replicas = 2 }')
  .map((text) => ({ text, count: (messages) => ({ on: messages, ended: 0 }) }));
const sink: fc.Arbitrary<Piece> = fc
  .constantFrom('log', 'rabbitMQ/out', 'file/out.txt<Text>', 'Ends.drop')
  .map((text) => ({ text, count: (messages) => ({ on: 0, ended: messages }) }));
const source: fc.Arbitrary<Piece> = fc
  .constantFrom('stdin', 'file/in.txt<Text>', 'Ends.tick')
  .map((text) => ({ text, count: () => ({ on: 1, ended: 0 }) }));

const some = <T>(each: fc.Arbitrary<T>, least = 1) => fc.array(each, { minLength: least, maxLength: 3 });
const { head, middle, tail } = fc.letrec<{ head: Piece; middle: Piece; tail: Piece }>((tie) => ({
  middle: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    stage,
    some(tie('middle'))
      .map(chain)
      .map((inner) => group([inner])),
    fc
      .tuple(some(some(tie('middle')).map(chain)), fc.array(sink, { maxLength: 1 }))
      .map(([branches, taps]) => group([...branches, ...taps])),
  ),
  head: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    source,
    some(
      fc
        .tuple(tie('head'), fc.array(tie('middle'), { maxLength: 1 }))
        .map(([first, rest]) => chain([first, ...rest])),
    ).map(group),
  ),
  tail: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    sink,
    some(
      fc
        .tuple(fc.array(tie('middle'), { maxLength: 1 }), tie('tail'))
        .map(([rest, last]) => chain([...rest, last])),
    ).map(group),
  ),
}));

/** How many messages end in sinks where every source gives one. */
function endedIn({ nodes }: Plan): number {
  const counts: number[] = nodes.map(({ kind }) => (kind === 'source' ? 1 : 0));
  let ended = 0;
  for (const [index, node] of nodes.entries()) {
    const to = 'to' in node ? node.to : [];
    if (to.length === 0) ended += counts[index] ?? 0;
    for (const each of to) {
      expect(each).toBeGreaterThan(index);
      counts[each] = (counts[each] ?? 0) + (counts[index] ?? 0);
    }
  }
  return ended;
}

test('a plan carries as many messages to its sinks as the text says', () => {
  fc.assert(
    fc.property(head, middle, tail, (first, between, last) => {
      const whole = chain([first, between, last]);
      const { plan, diagnostics } = planWorkflow(whole.text, world);
      // Deep random branches can be more than a workflow may have.
      fc.pre(!diagnostics.some(({ code }) => code === 'too-large'));
      expect(diagnostics).toEqual([]);
      if (plan === undefined) throw new Error('no plan');
      expect(endedIn(plan)).toBe(whole.count(0).ended);
      const kinds = plan.nodes.map(({ kind }) => kind);
      expect(kinds.lastIndexOf('source')).toBe(kinds.filter((kind) => kind === 'source').length - 1);
      const printed = printWorkflow(parseWorkflow(whole.text).tree);
      expect(planWorkflow(printed, world).plan?.nodes).toEqual(plan.nodes);
      const composed = composeText({ source: first.text, text: between.text, sink: last.text, file: 'w' });
      expect(planWorkflow(composed.text, world).plan?.nodes).toEqual(plan.nodes);
    }),
    runs(25),
  );
});
