/** What came out of one end, against what was sent. */
export interface Judge {
  /** A message that came out, in the order of its partition; undefined: it is none of ours. */
  take(number: number | undefined, partition: string): void;
  /** It is a dead letter, and need not come out. */
  excuse(number: number): void;
  /** Different numbers that came out. */
  readonly arrived: number;
  /** How many of the numbers below `sent` neither came out nor are excused; quickly, for one who waits. */
  missing(sent: number): number;
  verdict(sent: number): Verdict;
}

export interface Verdict {
  /** Messages of this run that came out, all occurrences. */
  readonly received: number;
  /** Different ones. */
  readonly arrived: number;
  /** Sent, and neither came out nor became a dead letter. */
  readonly lost: number;
  /** Occurrences beyond the first. */
  readonly duplicated: number;
  /** First occurrences that came after a higher number of their lane, in the same partition. */
  readonly reordered: number;
  /** Messages that are none of this run's. */
  readonly foreign: number;
  /** The first numbers of each kind. */
  readonly first: {
    readonly lost: readonly number[];
    readonly duplicated: readonly number[];
    readonly reordered: readonly number[];
  };
}

/** How many numbers of a problem are named. */
const mostNamed = 20;

const came = 1;
const excused = 2;

/**
 * Judges numbers 0 to `messages` - 1, of which every `lanes`-th belongs to the same lane: within one, first occurrences must ascend. It keeps a byte a message, and
 * nothing else that grows with them.
 */
export function createJudge({
  messages,
  lanes,
}: {
  readonly messages: number;
  readonly lanes: number;
}): Judge {
  const states = new Uint8Array(messages);
  const highest = new Map<string, Float64Array>();
  const duplicatedFirst: number[] = [];
  const reorderedFirst: number[] = [];
  let received = 0;
  let arrived = 0;
  let excusedAlone = 0;
  let reordered = 0;
  let foreign = 0;

  function highestOf(partition: string): Float64Array {
    const known = highest.get(partition) ?? new Float64Array(lanes).fill(-1);
    highest.set(partition, known);
    return known;
  }

  function lostBelow(sent: number): { readonly count: number; readonly first: readonly number[] } {
    const first: number[] = [];
    let count = 0;
    for (let number = 0; number < sent; number++) {
      if (states[number] !== 0) continue;
      count++;
      if (first.length < mostNamed) first.push(number);
    }
    return { count, first };
  }

  return {
    take(number, partition) {
      if (number === undefined || number >= messages) {
        foreign++;
        return;
      }
      received++;
      const state = states[number] as number;
      if ((state & came) !== 0) {
        if (duplicatedFirst.length < mostNamed && !duplicatedFirst.includes(number))
          duplicatedFirst.push(number);
        return;
      }
      states[number] = state | came;
      arrived++;
      if (state === excused) excusedAlone--;
      const lane = highestOf(partition);
      const before = lane[number % lanes] as number;
      if (number > before) lane[number % lanes] = number;
      else {
        reordered++;
        if (reorderedFirst.length < mostNamed) reorderedFirst.push(number);
      }
    },
    excuse(number) {
      if (number >= messages || (states[number] as number) & excused) return;
      if (states[number] === 0) excusedAlone++;
      states[number] = (states[number] as number) | excused;
    },
    get arrived() {
      return arrived;
    },
    missing: (sent) => Math.max(0, sent - arrived - excusedAlone),
    verdict(sent) {
      const lost = lostBelow(sent);
      return {
        received,
        arrived,
        lost: lost.count,
        duplicated: received - arrived,
        reordered,
        foreign,
        first: { lost: lost.first, duplicated: duplicatedFirst, reordered: reorderedFirst },
      };
    },
  };
}
