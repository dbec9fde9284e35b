import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJudge } from '../../src/verify/judge.ts';

/** What becomes of one message: its occurrences, and how far behind its place the first of them comes. */
interface Fate {
  readonly times: number;
  readonly late: number;
  readonly excused: boolean;
}

const fate = fc.record({
  times: fc.nat(3),
  late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(6) }),
  excused: fc.boolean(),
});

/** The numbers in the order in which they come out; repeats come at the end, as after a crash. */
function outputOf(fates: readonly Fate[]): readonly number[] {
  const first = fates
    .flatMap(({ times, late }, number) => (times === 0 ? [] : [{ number, place: number + late }]))
    .sort((a, b) => a.place - b.place || a.number - b.number)
    .map(({ number }) => number);
  const again = fates.flatMap(({ times }, number) =>
    Array.from({ length: Math.max(0, times - 1) }, () => number),
  );
  return [...first, ...again];
}

/** By the definition, slowly. */
function reorderedIn(output: readonly number[], lanes: number): readonly number[] {
  const firsts = [...new Set(output)];
  return firsts.filter((number, index) =>
    firsts.slice(0, index).some((before) => before % lanes === number % lanes && before > number),
  );
}

describe('the judge', () => {
  it('finds exactly what was lost, duplicated and reordered', () => {
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (fates, lanes) => {
        const judge = createJudge({ messages: fates.length, lanes });
        const output = outputOf(fates);
        for (const number of output) judge.take(number, '');
        fates.forEach(({ excused }, number) => {
          if (excused) judge.excuse(number);
        });
        const lost = fates.flatMap(({ times, excused }, number) => (times === 0 && !excused ? [number] : []));
        const duplicated = fates.flatMap(({ times }, number) => (times > 1 ? [number] : []));
        const reordered = reorderedIn(output, lanes);
        expect(judge.missing(fates.length)).toBe(lost.length);
        expect(judge.verdict(fates.length)).toEqual({
          received: output.length,
          arrived: new Set(output).size,
          lost: lost.length,
          duplicated: output.length - new Set(output).size,
          reordered: reordered.length,
          foreign: 0,
          first: {
            lost: lost.slice(0, 20),
            duplicated: duplicated.slice(0, 20),
            reordered: reordered.slice(0, 20),
          },
        });
      }),
    );
  });

  it('counts no more as lost than was sent', () => {
    const judge = createJudge({ messages: 1_000, lanes: 1 });
    judge.take(0, '');
    expect(judge.missing(3)).toBe(2);
    expect(judge.verdict(3).first.lost).toEqual([1, 2]);
  });

  it('judges the order within each partition of the output', () => {
    const judge = createJudge({ messages: 10, lanes: 1 });
    for (const [number, partition] of [
      [5, 'a'],
      [1, 'b'],
      [6, 'a'],
      [2, 'b'],
      [4, 'a'],
    ] as const)
      judge.take(number, partition);
    expect(judge.verdict(0)).toMatchObject({ reordered: 1, first: { reordered: [4] } });
  });

  it('tells foreign messages from ours', () => {
    const judge = createJudge({ messages: 10, lanes: 1 });
    judge.take(undefined, '');
    judge.take(10, '');
    expect(judge.verdict(0)).toMatchObject({ received: 0, foreign: 2, duplicated: 0 });
  });

  it('takes a dead letter that came out nevertheless for arrived', () => {
    const judge = createJudge({ messages: 2, lanes: 1 });
    judge.excuse(0);
    judge.take(0, '');
    judge.excuse(0);
    expect(judge.missing(2)).toBe(1);
    expect(judge.verdict(2)).toMatchObject({ arrived: 1, lost: 1, first: { lost: [1] } });
  });

  it('keeps two million messages in little more than two million bytes', () => {
    const before = process.memoryUsage().arrayBuffers;
    const judge = createJudge({ messages: 2_000_000, lanes: 8 });
    for (let number = 0; number < 2_000_000; number++) judge.take(number, '');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_200_000);
    expect(judge.missing(2_000_000)).toBe(0);
  });
});
