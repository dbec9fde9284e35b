import type { Source, SourceBatch } from '../../connectors/index.ts';
import { createBlock, runOf } from './block.ts';
import type { Gate } from './gate.ts';
import { createInterrupt } from './interrupt.ts';
import type { DeadLetterKeeper } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { Outlet } from './outlet.ts';
import { notFitting } from './rpc-errors.ts';

export interface ReaderOptions {
  readonly label: string;
  readonly source: Source;
  readonly ledger: Ledger;
  readonly outlet: Outlet;
  readonly deadLetters: DeadLetterKeeper;
  /** Shut while the workflow is paused. */
  readonly gate: Gate;
  onRead(count: number): void;
}

/** What ends the reading before the source does: someone's wish, or a sink that wants no more, such as a closed pipe. */
export type ReadingEnd = 'stopped' | 'complete';

/** Moves batches from one source into the flow. */
export interface Reader {
  /** Resolves when nothing more is read: how it came to that. The outlet is not ended. */
  run(): Promise<ReadingEnd>;
  end(how: ReadingEnd): void;
}

export function createReader(options: ReaderOptions): Reader {
  const { source, ledger, outlet, gate } = options;
  const ending = createInterrupt<ReadingEnd>();

  async function run(): Promise<ReadingEnd> {
    const abort = new AbortController();
    const batches = source.read(abort.signal)[Symbol.asyncIterator]();
    for (;;) {
      const next = await ending.race(nextOpen(batches));
      if (typeof next === 'string') {
        abort.abort();
        return next;
      }
      if (next.done === true) return 'complete';
      await accept(next.value);
    }
  }

  /** The gate is asked before and after: a batch that comes while it is shut stays in hand. */
  async function nextOpen(batches: AsyncIterator<SourceBatch>): Promise<IteratorResult<SourceBatch>> {
    if (!gate.isOpen) await gate.passed();
    const next = await batches.next();
    while (!gate.isOpen) await gate.passed();
    return next;
  }

  async function accept(batch: SourceBatch): Promise<void> {
    const count = batch.count + batch.rejected.length;
    options.onRead(count);
    const deliveries = ledger.open(count, batch.position, batch.partition ?? '');
    const kept = batch.rejected.map(async ({ payload, message, place }) => {
      await options.deadLetters.keep({
        stage: options.label,
        error: notFitting(message),
        attempts: 0,
        place,
        payload,
        json: false,
      });
      deliveries.settle(1, 'dead');
    });
    const runs = [runOf(deliveries, batch.count, batch.keys)];
    const pushed = batch.count > 0 ? outlet.push(createBlock(batch.items, batch.count, runs)) : undefined;
    // Together: a letter that cannot be kept ends the flow, also while there is no room for the others.
    await Promise.all([pushed, ...kept]);
  }

  return { run, end: (how) => ending.fire(how) };
}
