import { setTimeout as delay } from 'node:timers/promises';
import { type BlockResult, CallError, type RpcError, rpcCodes } from '../../bridge/index.ts';
import { growingPause } from '../../core/index.ts';
import type { RetryPolicy } from '../../workflow/index.ts';
import type { BlockSizer } from './block-sizer.ts';
import { type Bury, mayHeal } from './burial.ts';
import { createDeque } from './deque.ts';
import { type Lane, LaneLost } from './lane.ts';
import type { Parcel } from './parcel.ts';
import { partsOfSuspect, queueBounds } from './stage-options.ts';

/** A message that waits for its call. */
export interface Letter {
  readonly parcel: Parcel;
  readonly index: number;
  readonly key: number;
  /** How often its function was tried. */
  tries: number;
  /** How many messages a block with it may have: few, where it may be what killed an instance. */
  company: number;
}

export interface KeyedLaneOptions {
  readonly lane: Lane;
  readonly sizer: BlockSizer;
  readonly retry: RetryPolicy;
  readonly bury: Bury;
  onRetry(): void;
  /** A message has its result, or is a dead letter. */
  onDone(letter: Letter): void;
  onFailure(error: unknown): void;
}

/**
 * One instance of a stage whose calls are in order by key. Messages of a key are with the instance in one block at a time, which stops at a message that fails, or else
 * one message at a time; while one waits to be tried again, those that came after it stand behind it. So no two calls of a key overlap, and none overtakes another.
 */
export interface KeyedLane {
  /** Takes messages, in order; `kick` sends them. */
  add(letter: Letter): void;
  kick(): void;
}

/** The messages of one key that have no result, in order. */
interface Chain {
  readonly key: number;
  readonly letters: Letter[];
  /** Whether the first of them may go: none is with the instance or waits to be tried again. */
  isReady: boolean;
}

/** What goes as one block: of each of several keys, the first messages. */
interface Sending {
  readonly parts: readonly { readonly chain: Chain; readonly letters: readonly Letter[] }[];
  readonly letters: readonly Letter[];
}

export function createKeyedLane(options: KeyedLaneOptions): KeyedLane {
  const { lane, sizer, retry, bury } = options;
  const chains = new Map<number, Chain>();
  const ready = createDeque<Chain>();
  /** Messages of the chains that are ready. */
  let waiting = 0;
  let over = false;

  function kick(): void {
    while (!over && ready.length > 0 && lane.inFlight < mostInFlight()) work(takeBlock()).catch(fail);
  }

  /** Beyond two, blocks go when they are full: few keys in many small ones would cost more than they gain. */
  function mostInFlight(): number {
    const mayGo = lane.stopsAtFailure ? waiting : ready.length;
    return mayGo >= sizer.most() ? sizer.window() : 2;
  }

  function fail(error: unknown): void {
    over = true;
    options.onFailure(error);
  }

  /** At least one message, and as many as go into one block. */
  function takeBlock(): Sending {
    const parts: Sending['parts'][number][] = [];
    const letters: Letter[] = [];
    let most = sizer.most();
    let bytes = 0;

    function fits(letter: Letter): boolean {
      most = Math.min(most, letter.company);
      bytes += letter.parcel.sizeOf(letter.index);
      return letters.length === 0 || (letters.length < most && bytes <= queueBounds.blockBytes);
    }

    for (let chain = ready.first; chain !== undefined; chain = ready.first) {
      const longest = lane.stopsAtFailure ? chain.letters.length : 1;
      const first = letters.length;
      for (let at = 0; at < longest && fits(chain.letters[at] as Letter); at++)
        letters.push(chain.letters[at] as Letter);
      const own = letters.slice(first);
      if (own.length === 0) break;
      ready.shift();
      chain.isReady = false;
      waiting -= chain.letters.length;
      parts.push({ chain, letters: own });
      if (own.length < longest) break;
    }
    return { parts, letters };
  }

  async function work(sending: Sending): Promise<void> {
    const { parts, letters } = sending;
    try {
      const stopAtFailure = parts.length < letters.length;
      const { result, milliseconds } = await lane.send([packed(letters)], letters.length, { stopAtFailure });
      const begun = letters.length - result.failed.filter(isNotBegun).length;
      if (begun > 0) sizer.learn(begun, milliseconds);
      settle(sending, result, begun === 0);
    } catch (error) {
      recover(sending, error);
    }
    kick();
  }

  /** `stuck`: the service did not begin even the first message, which is a failure of that one. */
  function settle({ parts }: Sending, result: BlockResult, stuck: boolean): void {
    let at = 0;
    let succeeded = 0;
    const again: Chain[] = [];
    for (const { chain, letters } of parts) {
      const left: Letter[] = [];
      let error: RpcError | undefined;
      for (const letter of letters) {
        const failed = result.failed[at - succeeded];
        if (failed?.index === at) {
          // The first of a key that fails holds up those behind it, which are called after it, whatever became of them.
          if (left.length === 0 && (stuck || !isNotBegun(failed))) error = failed.error;
          left.push(letter);
        } else {
          letter.parcel.succeed(letter.index, result, succeeded++);
          options.onDone(letter);
        }
        at++;
      }
      chain.letters.splice(0, letters.length, ...left);
      const [first] = left;
      if (first === undefined) goOn(chain);
      else if (error === undefined) again.push(chain);
      else fault(chain, first, error);
    }
    makeReady(again);
  }

  function recover({ parts, letters }: Sending, error: unknown): void {
    const rpc = error instanceof CallError ? error.rpc : undefined;
    if (rpc === undefined && !(error instanceof LaneLost)) throw error;
    const isSuspect = !(error instanceof LaneLost) || error.blamed;
    const [part, letter] = [parts[0], letters[0]];
    if (isSuspect && letters.length === 1 && part !== undefined && letter !== undefined) {
      const message = `the instance ${(error as Error).message}`;
      fault(part.chain, letter, rpc ?? { code: rpcCodes.instanceLost, message });
      return;
    }
    // The culprit is one message of the block: smaller ones find it, and the others pass.
    if (isSuspect) for (const one of letters) one.company = Math.ceil(letters.length / partsOfSuspect);
    makeReady(parts.map(({ chain }) => chain));
  }

  /** What may heal is tried again after a pause, in which its key waits; the rest is buried. */
  function fault(chain: Chain, letter: Letter, error: RpcError): void {
    letter.tries++;
    const hopeless = letter.tries >= retry.attempts || !mayHeal(error);
    (hopeless ? giveUp(chain, letter, error) : holdBack(chain, letter)).then(kick, fail);
  }

  async function holdBack(chain: Chain, { tries }: Letter): Promise<void> {
    options.onRetry();
    await delay(growingPause(tries, { ...retry, first: retry.backoff, longest: retry.longestBackoff }));
    makeReady([chain]);
  }

  async function giveUp(chain: Chain, letter: Letter, error: RpcError): Promise<void> {
    await bury(letter.parcel.block, letter.index, letter.tries, error);
    letter.parcel.lose(letter.index);
    options.onDone(letter);
    chain.letters.shift();
    goOn(chain);
  }

  /** The next of its key may go, when it is its turn. */
  function goOn(chain: Chain): void {
    if (chain.letters.length === 0) {
      chains.delete(chain.key);
      return;
    }
    chain.isReady = true;
    waiting += chain.letters.length;
    ready.push(chain);
  }

  /** They may go before all others. */
  function makeReady(some: readonly Chain[]): void {
    for (const chain of some) {
      chain.isReady = true;
      waiting += chain.letters.length;
    }
    ready.unshift(some);
  }

  return {
    add(letter) {
      const chain = chains.get(letter.key);
      if (chain === undefined) {
        const begun = { key: letter.key, letters: [letter], isReady: false };
        chains.set(letter.key, begun);
        goOn(begun);
      } else {
        chain.letters.push(letter);
        if (chain.isReady) waiting++;
      }
    },
    kick,
  };
}

function isNotBegun({ error }: BlockResult['failed'][number]): boolean {
  return error.code === rpcCodes.notBegun;
}

/** The messages with commas between them. Neighbours are copied together. */
function packed(letters: readonly Letter[]): Uint8Array {
  const size = letters.reduce((sum, { parcel, index }) => sum + parcel.sizeOf(index) + 1, -1);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const { parcel, index } of letters) {
    if (at > 0) bytes[at++] = comma;
    at += parcel.text.copy(bytes, at, parcel.starts[index], parcel.ends[index]);
  }
  return bytes;
}

const comma = 0x2c;
