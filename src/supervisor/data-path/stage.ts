import { setTimeout as delay } from 'node:timers/promises';
import { type BlockResult, CallError, type RpcError, rpcCodes } from '../../bridge/index.ts';
import { growingPause } from '../../core/index.ts';
import {
  type Block,
  createResultBlock,
  joinBlocks,
  markRuns,
  pickMessages,
  runsWithout,
  sliceBlock,
} from './block.ts';
import { createBlockQueue } from './block-queue.ts';
import { createBlockSizer } from './block-sizer.ts';
import { createBurial, mayHeal } from './burial.ts';
import { createInOrder } from './in-order.ts';
import { type Lane, LaneLost } from './lane.ts';
import type { Outlet } from './outlet.ts';
import { createSlots } from './slots.ts';
import { blocksWaiting, partsOfSuspect, queueBounds, type StageOptions } from './stage-options.ts';
import { mergeResults, noResults, type Worked } from './worked.ts';

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
  const { onFailure } = options;
  const bury = createBurial(label, deadLetters, counts, json);
  const exit = createInOrder({ label, outlet, counts, onLeft: () => queue.released(), onFailure });
  const queue = createBlockQueue(
    {
      ...queueBounds,
      messages: () => blocksWaiting * sizer.most(),
      held: (sequence) => exit.underWay(sequence).blocks >= 2 * windowSize(),
    },
    json,
  );
  const pumped = pump();
  pumped.catch(onFailure);

  async function pump(): Promise<void> {
    for (;;) {
      await slots.acquire();
      const block = await queue.take(sizer.most);
      counts.waiting = queue.waiting;
      if (block === undefined) return;
      counts.in += block.count;
      markRuns(block.runs, label, 'in');
      exit.begin(block, workFirst(block));
    }
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

  return {
    push: (block) => queue.push(block),
    async end() {
      queue.end();
      await pumped;
      await exit.settled();
      await outlet.end();
    },
  };
}

function freest(lanes: readonly Lane[]): Lane {
  const [first, ...others] = lanes;
  if (first === undefined) throw new Error('a stage has no instance');
  return others.reduce((best, lane) => (lane.inFlight < best.inFlight ? lane : best), first);
}
