import { type Block, markRuns, sequenceOf } from './block.ts';
import type { Sequence } from './ledger.ts';
import type { Outlet } from './outlet.ts';
import type { StageCounts } from './stage-options.ts';
import type { Worked } from './worked.ts';

/** The way out of a stage: results of one sequence leave in the order in which their blocks were begun, and sequences do not wait for each other. */
export interface InOrder {
  /** Notes that a block was begun; its results leave when they are there, behind those of its sequence that were begun before. */
  begin(block: Block, worked: Promise<Worked>): void;
  /** What of a sequence was begun and has not left. */
  underWay(sequence: Sequence): Load;
  /** Resolves when everything that was begun has left. */
  settled(): Promise<void>;
}

export interface Load {
  readonly blocks: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface InOrderOptions {
  readonly label: string;
  readonly outlet: Outlet;
  readonly counts: StageCounts;
  /** Told each time that a block has left. */
  onLeft(): void;
  onFailure(error: unknown): void;
}

const nothing: Load = { blocks: 0, messages: 0, bytes: 0 };

export function createInOrder({ label, outlet, counts, onLeft, onFailure }: InOrderOptions): InOrder {
  const sequences = new Map<Sequence, { load: Load; emitted: Promise<void> }>();

  async function emit(before: Promise<void>, worked: Promise<Worked>): Promise<void> {
    await before;
    const { results } = await worked;
    if (results === undefined) return;
    markRuns(results.runs, label, 'out');
    await outlet.push(results);
    counts.out += results.count;
  }

  return {
    begin(block, worked) {
      worked.catch(() => {});
      const sequence = sequenceOf(block);
      const entry = sequences.get(sequence) ?? { load: nothing, emitted: Promise.resolve() };
      sequences.set(sequence, entry);
      entry.load = changed(entry.load, block, 1);
      const emitted = emit(entry.emitted, worked).then(() => {
        entry.load = changed(entry.load, block, -1);
        if (entry.load.blocks === 0 && entry.emitted === emitted) sequences.delete(sequence);
        onLeft();
      });
      entry.emitted = emitted;
      emitted.catch(onFailure);
    },
    underWay: (sequence) => sequences.get(sequence)?.load ?? nothing,
    async settled() {
      await Promise.all([...sequences.values()].map(({ emitted }) => emitted));
    },
  };
}

function changed({ blocks, messages, bytes }: Load, block: Block, by: 1 | -1): Load {
  return {
    blocks: blocks + by,
    messages: messages + by * block.count,
    bytes: bytes + by * block.bytes,
  };
}
