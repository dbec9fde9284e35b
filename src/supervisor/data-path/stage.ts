import { setTimeout as delay } from 'node:timers/promises';
import { type BlockResult, CallError, type RpcError, rpcCodes } from '../../bridge/index.ts';
import { growingPause } from '../../core/index.ts';
import type { Validator } from '../../types/index.ts';
import type { RetryPolicy } from '../../workflow/index.ts';
import {
  type Block,
  createResultBlock,
  joinBlocks,
  markRuns,
  messageBytes,
  pickMessages,
  runsOf,
  runsWithout,
  sequenceOf,
  settleRuns,
  sliceBlock,
} from './block.ts';
import { createBlockQueue } from './block-queue.ts';
import { createBlockSizer } from './block-sizer.ts';
import type { DeadLetterKeeper } from './journal.ts';
import { type Lane, LaneLost } from './lane.ts';
import type { Sequence } from './ledger.ts';
import type { Outlet } from './outlet.ts';
import { createSlots } from './slots.ts';
import { mergeResults, noResults, type Worked } from './worked.ts';

export interface StageCounts {
  readonly label: string;
  in: number;
  out: number;
  dead: number;
  retries: number;
  replaced: number;
  waiting: number;
}

export interface StageOptions {
  readonly label: string;
  readonly lanes: readonly Lane[];
  readonly outlet: Outlet;
  readonly deadLetters: DeadLetterKeeper;
  readonly retry: RetryPolicy;
  readonly json: Validator;
  readonly counts: StageCounts;
  /** Told of the first failure that the stage cannot mend; nothing is emitted after it. */
  onFailure(error: unknown): void;
}

const queueBounds = { bytes: 4 * 1024 * 1024, blockBytes: 512 * 1024 };
/** Blocks that may wait in front of a stage. A slow function's are small, so that a run that is stopped soon ends. */
const blocksWaiting = 8;
/** Into how many parts a block is cut to find the message that kills or hangs its instance. */
const partsOfSuspect = 16;

/**
 * One function of a running workflow. Blocks go to the instances as they become free; results of one sequence leave in the order in which their messages
 * came, and sequences do not wait for each other. A message that fails is tried again, then kept as a dead letter; the others never wait for it longer than
 * order asks.
 */
export function createStage(options: StageOptions): Outlet {
  const { label, lanes, outlet, deadLetters, retry, json, counts } = options;
  const sizer = createBlockSizer();
  const windowSize = () => lanes.length * sizer.window();
  const slots = createSlots(windowSize);
  /** Blocks of a sequence that were taken and have not left. */
  const underWay = new Map<Sequence, { count: number; emitted: Promise<void> }>();
  const queue = createBlockQueue(
    {
      ...queueBounds,
      messages: () => blocksWaiting * sizer.most(),
      held: (sequence) => (underWay.get(sequence)?.count ?? 0) >= 2 * windowSize(),
    },
    json,
  );
  const pumped = pump();
  pumped.catch(options.onFailure);

  async function pump(): Promise<void> {
    for (;;) {
      await slots.acquire();
      const block = await queue.take(sizer.most);
      counts.waiting = queue.waiting;
      if (block === undefined) return;
      counts.in += block.count;
      markRuns(block.runs, label, 'in');
      start(block);
    }
  }

  function start(block: Block): void {
    const sequence = sequenceOf(block);
    const entry = underWay.get(sequence) ?? { count: 0, emitted: Promise.resolve() };
    underWay.set(sequence, entry);
    entry.count++;
    const worked = workFirst(block);
    worked.catch(() => {});
    const before = entry.emitted;
    const emitted = emit(before, worked).then(() => {
      entry.count--;
      if (entry.count === 0 && entry.emitted === emitted) underWay.delete(sequence);
      queue.released();
    });
    entry.emitted = emitted;
    emitted.catch(options.onFailure);
  }

  async function emit(before: Promise<void>, worked: Promise<Worked>): Promise<void> {
    await before;
    const { results } = await worked;
    if (results === undefined) return;
    markRuns(results.runs, label, 'out');
    await outlet.push(results);
    counts.out += results.count;
  }

  /** The first try holds a slot of the window; further ones are few, and must not keep others from theirs. */
  async function workFirst(block: Block): Promise<Worked> {
    let release = () => {
      release = () => {};
      slots.release();
    };
    try {
      return await work(block, 1, () => release());
    } finally {
      release();
    }
  }

  /** Works a block until each of its messages has a result or is a dead letter. */
  async function work(block: Block, attempt: number, answered: () => void = () => {}): Promise<Worked> {
    let result: BlockResult;
    try {
      const answer = await freest(lanes).send(block.pieces, block.count);
      sizer.learn(block.count, answer.milliseconds);
      result = answer.result;
    } catch (error) {
      return recover(block, attempt, error);
    } finally {
      answered();
    }
    if (result.failed.length === 0) return { results: createResultBlock(result, block.runs), gone: [] };
    return mend(block, result, attempt);
  }

  async function recover(block: Block, attempt: number, error: unknown): Promise<Worked> {
    if (error instanceof LaneLost && !error.blamed) return work(block, attempt);
    const rpc = error instanceof CallError ? error.rpc : undefined;
    if (rpc === undefined && !(error instanceof LaneLost)) throw error;
    // The culprit is one message of the block: its parts, one after the other, find it, and the others pass.
    if (block.count > 1) return workInParts(block, attempt);
    return retryOrBury(block, attempt, [
      rpc ?? { code: rpcCodes.instanceLost, message: `the instance ${(error as Error).message}` },
    ]);
  }

  async function workInParts(block: Block, attempt: number): Promise<Worked> {
    const size = Math.ceil(block.count / partsOfSuspect);
    const done: Block[] = [];
    const gone: number[] = [];
    for (let from = 0; from < block.count; from += size) {
      const part = sliceBlock(block, from, Math.min(from + size, block.count), json);
      const worked = await work(part, attempt);
      if (worked.results !== undefined) done.push(worked.results);
      gone.push(...worked.gone.map((index) => from + index));
    }
    return done.length === 0 ? noResults(block.count) : { results: joinBlocks(done), gone };
  }

  /** Some messages of the block failed: they are tried again by themselves, and their results put back in their places. */
  async function mend(block: Block, result: BlockResult, attempt: number): Promise<Worked> {
    const indices = result.failed.map(({ index }) => index);
    const done = result.count > 0 ? createResultBlock(result, runsWithout(block.runs, indices)) : undefined;
    const failed = pickMessages(block, indices, json);
    const mended = await retryOrBury(
      failed,
      attempt,
      result.failed.map(({ error }) => error),
    );
    return mergeResults({ count: block.count, done, indices, mended }, json);
  }

  /** `errors` are those of the block's messages, one each. What may heal is tried again as one block; the rest is buried at once. */
  async function retryOrBury(failed: Block, attempt: number, errors: readonly RpcError[]): Promise<Worked> {
    const hopeless: number[] = [];
    const hopeful: number[] = [];
    errors.forEach((error, index) => {
      (attempt < retry.attempts && mayHeal(error) ? hopeful : hopeless).push(index);
    });
    await Promise.all(hopeless.map((index) => bury(failed, index, attempt, errors[index])));
    if (hopeful.length === 0) return noResults(failed.count);
    counts.retries += hopeful.length;
    await delay(growingPause(attempt, { ...retry, first: retry.backoff, longest: retry.longestBackoff }));
    const again = await work(pickMessages(failed, hopeful, json), attempt + 1);
    return mergeResults({ count: failed.count, done: undefined, indices: hopeful, mended: again }, json);
  }

  async function bury(
    block: Block,
    index: number,
    attempts: number,
    error: RpcError | undefined,
  ): Promise<void> {
    const payload = messageBytes(block, index, json);
    await deadLetters.keep({
      stage: label,
      error: error ?? { code: rpcCodes.internalError, message: 'failed' },
      attempts,
      payload,
      json: true,
    });
    counts.dead++;
    settleRuns(runsOf(block, [index]), 'dead');
  }

  return {
    push: (block) => queue.push(block),
    async end() {
      queue.end();
      await pumped;
      await Promise.all([...underWay.values()].map(({ emitted }) => emitted));
      await outlet.end();
    },
  };
}

/** What does not fit a type, or is asked wrongly, will not fare better the next time; everything else may have been bad luck. */
function mayHeal({ code }: RpcError): boolean {
  return !hopelessCodes.has(code);
}

const hopelessCodes: ReadonlySet<number> = new Set([
  rpcCodes.parseError,
  rpcCodes.invalidRequest,
  rpcCodes.methodNotFound,
  rpcCodes.invalidParams,
  rpcCodes.invalidResult,
  rpcCodes.tooLarge,
]);

function freest(lanes: readonly Lane[]): Lane {
  const [first, ...others] = lanes;
  if (first === undefined) throw new Error('a stage has no instance');
  return others.reduce((best, lane) => (lane.inFlight < best.inFlight ? lane : best), first);
}
