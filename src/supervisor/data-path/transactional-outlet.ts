import type { SinkTransaction, SinkTransactions, Undelivered } from '../../connectors/index.ts';
import type { Validator } from '../../types/index.ts';
import {
  arrayOf,
  type Block,
  markRuns,
  messageBytes,
  runsOf,
  runsWithout,
  settleRuns,
  sliceBlock,
} from './block.ts';
import type { DeadLetterKeeper } from './journal.ts';
import type { Batch, Sequence } from './ledger.ts';
import type { Outlet } from './outlet.ts';
import { undelivered } from './rpc-errors.ts';

export interface TransactionalOutletOptions {
  readonly label: string;
  readonly transactions: SinkTransactions;
  /** {@link import('../../connectors/index.ts').Source.origin} of the only source. */
  readonly origin: unknown;
  readonly json: Validator;
  readonly deadLetters: DeadLetterKeeper;
  /** The position was committed with the results, so that the source is not told. */
  onTransacted(partition: string, position: unknown): void;
  onConfirmed(count: number): void;
  onFailure(error: unknown): void;
}

/** Milliseconds that a transaction gathers, so that its cost is shared by many messages. */
const gathering = 50;

/**
 * A workflow's end where results and positions are confirmed as one. Results of a sequence go into its transaction as they come; it is committed when the source
 * batches in it are whole, after it has gathered for a while. Once that while is over, results of later batches wait for the next transaction.
 */
export function createTransactionalOutlet(options: TransactionalOutletOptions): Outlet {
  const partitions = new Map<Sequence, PartitionOutlet>();

  function partitionOf(sequence: Sequence): PartitionOutlet {
    const known = partitions.get(sequence) ?? createPartitionOutlet(sequence, options);
    partitions.set(sequence, known);
    return known;
  }

  return {
    async push(block) {
      const sequence = block.runs[0]?.batch.sequence;
      if (sequence === undefined) return;
      await partitionOf(sequence).push(block);
    },
    async end() {
      await Promise.all([...partitions.values()].map((partition) => partition.end()));
    },
  };
}

/** One transaction at a time. */
interface Open {
  readonly transaction: SinkTransaction;
  readonly began: number;
  /** Written and not yet settled, by batch, in the order of the source. */
  readonly written: Map<Batch, number>;
  /** The last of them. */
  last: Batch | undefined;
  confirmed: number;
}

type PartitionOutlet = Outlet;

function createPartitionOutlet(sequence: Sequence, options: TransactionalOutletOptions): PartitionOutlet {
  const { label, transactions, origin, json, deadLetters } = options;
  let open: Open | undefined;
  let last: Promise<void> = Promise.resolve();

  /** Work on the partition, one thing after the other. */
  function next(work: () => Promise<void>): Promise<void> {
    last = last.then(work);
    last.catch(options.onFailure);
    return last;
  }

  async function write(block: Block): Promise<void> {
    open ??= {
      transaction: await transactions.begin(origin, sequence.partition),
      began: performance.now(),
      written: new Map(),
      last: undefined,
      confirmed: 0,
    };
    const now = countOfOpen(block, open, transactions);
    if (now === block.count) return writeInto(open, block);
    // The transaction has gathered enough: it gets what completes its batches, and the rest waits for the next one.
    if (now > 0) await writeInto(open, sliceBlock(block, 0, now, json));
    await commit();
    await write(sliceBlock(block, now, block.count, json));
  }

  async function writeInto(into: Open, block: Block): Promise<void> {
    markRuns(block.runs, label, 'in');
    const { text, starts, ends } = arrayOf(block, json);
    const lost = await into.transaction.write({ items: text, count: block.count, starts, ends });
    for (const { batch, count } of runsWithout(
      block.runs,
      lost.map(({ index }) => index),
    )) {
      if (!into.written.has(batch)) batch.watch(commitSoon);
      into.written.set(batch, (into.written.get(batch) ?? 0) + count);
      into.last = batch;
      into.confirmed += count;
    }
    await Promise.all(lost.map((one) => bury(block, one)));
    if (isWhole(into)) commitSoon();
  }

  async function bury(block: Block, { index, message, attempts }: Undelivered): Promise<void> {
    const payload = messageBytes(block, index, json);
    await deadLetters.keep({ stage: label, error: undelivered(message), attempts, payload, json: true });
    settleRuns(runsOf(block, [index]), 'dead');
  }

  let timer: NodeJS.Timeout | undefined;

  function commitSoon(): void {
    if (timer !== undefined || open === undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void next(async () => {
          if (open !== undefined && isWhole(open)) await commit();
        });
      },
      Math.max(0, gathering - (performance.now() - open.began)),
    );
  }

  async function commit(): Promise<void> {
    if (open === undefined) return;
    const { transaction, written, confirmed } = open;
    const batches = [...written.keys()];
    const position = batches.at(-1)?.position;
    open = undefined;
    const isOurs = await transaction.commit(position);
    options.onTransacted(sequence.partition, position);
    for (const [batch, count] of written) {
      batch.trace?.mark(label, 'out', count);
      batch.settle(count, isOurs ? 'confirmed' : 'dropped');
    }
    if (isOurs) options.onConfirmed(confirmed);
  }

  return {
    push: (block) => next(() => write(block)),
    async end() {
      clearTimeout(timer);
      await next(commit);
    },
  };
}

/** How many messages at the head of a block may go into a transaction: all that continue it while it gathers, then those of batches that it has begun. */
function countOfOpen(block: Block, { began, written, last }: Open, transactions: SinkTransactions): number {
  const gathers = performance.now() - began < gathering || written.size === 0;
  let before = last;
  let fitting = 0;
  for (const { batch, count } of block.runs) {
    if (!written.has(batch)) {
      if (!gathers) break;
      if (before !== undefined && transactions.continues?.(before.position, batch.position) === false) break;
    }
    before = batch;
    fitting += count;
  }
  return fitting;
}

/** Nothing is left of the batches but what was written. */
function isWhole({ written }: Open): boolean {
  for (const [batch, count] of written) if (batch.left !== count) return false;
  return written.size > 0;
}
