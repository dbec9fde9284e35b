import { setTimeout as delay } from 'node:timers/promises';
import { type BlockResult, CallError, type RpcError, rpcCodes } from '../../bridge/index.ts';
import type { Validator } from '../../types/index.ts';
import {
  type Block,
  createResultBlock,
  joinBlocks,
  messageBytes,
  runsWithout,
  settleRuns,
  sliceBlock,
} from './block.ts';
import { createBlockQueue } from './block-queue.ts';
import { createBlockSizer } from './block-sizer.ts';
import type { DeadLetterFile } from './dead-letters.ts';
import { type Lane, LaneLost } from './lane.ts';
import { createSlots } from './slots.ts';

/** Where a stage puts its results: the next stage, or the sink. `push` resolves when more may come. */
export interface Outlet {
  push(block: Block): Promise<void>;
  /** Resolves when everything pushed has left for good. */
  end(): Promise<void>;
}

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
  readonly deadLetters: DeadLetterFile;
  /** How often a message is tried in all. */
  readonly attempts: number;
  readonly json: Validator;
  readonly counts: StageCounts;
  /** Told of the first failure that the stage cannot mend; nothing is emitted after it. */
  onFailure(error: unknown): void;
}

/** Blocks on their way in each instance: one being worked at, the others in the pipe so that it never waits. */
const blocksInFlight = 4;
const queueBounds = { bytes: 4 * 1024 * 1024, blockBytes: 512 * 1024 };
/** Blocks that may wait in front of a stage. A slow function's are small, so that a run that is stopped soon ends. */
const blocksWaiting = 8;
/** Into how many parts a block is cut to find the message that kills or hangs its instance. */
const partsOfSuspect = 16;
const firstPause = 20;

/**
 * One function of a running workflow. Blocks go to the instances as they become free; results leave in the order in which their
 * messages came. A message that fails is tried again, then kept as a dead letter; the others never wait for it longer than order asks.
 */
export function createStage(options: StageOptions): Outlet {
  const { label, lanes, outlet, deadLetters, attempts, json, counts } = options;
  const sizer = createBlockSizer();
  const queue = createBlockQueue({ ...queueBounds, messages: () => blocksWaiting * sizer.most() }, json);
  const slots = createSlots(lanes.length * blocksInFlight);
  let emitted: Promise<void> = Promise.resolve();
  const pumped = pump();
  pumped.catch(options.onFailure);

  async function pump(): Promise<void> {
    for (;;) {
      await slots.acquire();
      const block = await queue.take(sizer.most);
      counts.waiting = queue.waiting;
      if (block === undefined) return;
      counts.in += block.count;
      const worked = work(block, 1);
      worked.catch(() => {});
      const before = emitted;
      emitted = emit(before, worked);
      emitted.catch(options.onFailure);
    }
  }

  async function emit(before: Promise<void>, worked: Promise<Block | undefined>): Promise<void> {
    await before;
    const done = await worked;
    if (done !== undefined) {
      await outlet.push(done);
      counts.out += done.count;
    }
    slots.release();
  }

  /** Works a block until each of its messages has a result or is a dead letter; answers the results in order. */
  async function work(block: Block, attempt: number): Promise<Block | undefined> {
    let result: BlockResult;
    try {
      const answer = await freest(lanes).send(block.pieces, block.count);
      sizer.learn(block.count, answer.milliseconds);
      result = answer.result;
    } catch (error) {
      return recover(block, attempt, error);
    }
    if (result.failed.length === 0) return createResultBlock(result, block.runs);
    return mend(block, result, attempt);
  }

  async function recover(block: Block, attempt: number, error: unknown): Promise<Block | undefined> {
    if (error instanceof LaneLost && !error.blamed) return work(block, attempt);
    const rpc = error instanceof CallError ? error.rpc : undefined;
    if (rpc === undefined && !(error instanceof LaneLost)) throw error;
    // The culprit is one message of the block: its parts, one after the other, find it, and the others pass.
    if (block.count > 1) return workInParts(block, attempt);
    return retryOrBury(
      block,
      attempt,
      rpc ?? { code: rpcCodes.instanceLost, message: `the instance ${(error as Error).message}` },
    );
  }

  async function workInParts(block: Block, attempt: number): Promise<Block | undefined> {
    const size = Math.ceil(block.count / partsOfSuspect);
    const done: (Block | undefined)[] = [];
    for (let from = 0; from < block.count; from += size) {
      done.push(await work(sliceBlock(block, from, Math.min(from + size, block.count), json), attempt));
    }
    return joinResults(done);
  }

  /** Some messages of the block failed: they are tried again by themselves, and their results put back in their places. */
  async function mend(block: Block, result: BlockResult, attempt: number): Promise<Block | undefined> {
    const failed = result.failed;
    const gone = failed.map(({ index }) => index);
    const done = result.count > 0 ? createResultBlock(result, runsWithout(block.runs, gone)) : undefined;
    const mended = await Promise.all(
      failed.map(({ index, error }) =>
        retryOrBury(sliceBlock(block, index, index + 1, json), attempt, error),
      ),
    );
    const parts: (Block | undefined)[] = [];
    let taken = 0;
    failed.forEach(({ index }, nth) => {
      if (done !== undefined && index - nth > taken) parts.push(sliceBlock(done, taken, index - nth, json));
      taken = index - nth;
      parts.push(mended[nth]);
    });
    if (done !== undefined && done.count > taken) parts.push(sliceBlock(done, taken, done.count, json));
    return joinResults(parts);
  }

  async function retryOrBury(single: Block, attempt: number, error: RpcError): Promise<Block | undefined> {
    if (attempt < attempts && mayHeal(error)) {
      counts.retries++;
      await delay(firstPause * 2 ** (attempt - 1) * (0.5 + Math.random()));
      return work(single, attempt + 1);
    }
    const payload = messageBytes(single, 0, json);
    await deadLetters.keep({ stage: label, error, attempts: attempt, payload, json: true });
    counts.dead++;
    settleRuns(single.runs);
    return undefined;
  }

  return {
    push: (block) => queue.push(block),
    async end() {
      queue.end();
      await pumped;
      await emitted;
      await outlet.end();
    },
  };
}

/** A value that does not fit its type will not fit the next time either; everything else may have been bad luck. */
function mayHeal(error: RpcError): boolean {
  return (
    error.code !== rpcCodes.invalidParams &&
    error.code !== rpcCodes.invalidResult &&
    error.code !== rpcCodes.tooLarge
  );
}

function freest(lanes: readonly Lane[]): Lane {
  const [first, ...others] = lanes;
  if (first === undefined) throw new Error('a stage has no instance');
  return others.reduce((best, lane) => (lane.inFlight < best.inFlight ? lane : best), first);
}

function joinResults(parts: readonly (Block | undefined)[]): Block | undefined {
  const present = parts.filter((part) => part !== undefined);
  return present.length === 0 ? undefined : joinBlocks(present);
}
