import { setTimeout as delay } from 'node:timers/promises';
import { type BlockResult, CallError, type RpcError, rpcCodes } from '../../bridge/index.ts';
import { growingPause } from '../../core/index.ts';
import type { RetryPolicy } from '../../workflow/index.ts';
import type { BlockSizer } from './block-sizer.ts';
import { type Bury, mayHeal } from './burial.ts';
import { createDeque } from './deque.ts';
import { type Lane, LaneLost } from './lane.ts';
import type { Parcel } from './parcel.ts';

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
  readonly blockBytes: number;
  /** Into how many parts a block is cut to find the message that kills or hangs its instance. */
  readonly partsOfSuspect: number;
  readonly bury: Bury;
  onRetry(): void;
  /** A message has its result, or is a dead letter. */
  onDone(letter: Letter): void;
  onFailure(error: unknown): void;
}

/**
 * One instance of a stage whose calls are in order by key. At any time at most one message of a key is with the instance, or waits to be tried again, and those that
 * came after it stand behind it: so no two calls of a key overlap, and none overtakes another. Blocks are made of the first messages of many keys.
 */
export interface KeyedLane {
  /** Takes messages, in order; `kick` sends them. */
  add(letter: Letter): void;
  kick(): void;
}

/** The messages of one key, the one that is worked first. */
interface Chain {
  readonly letters: Letter[];
}

export function createKeyedLane(options: KeyedLaneOptions): KeyedLane {
  const { lane, sizer, retry, blockBytes, partsOfSuspect, bury } = options;
  const chains = new Map<number, Chain>();
  /** Those whose first message may go. */
  const ready = createDeque<Chain>();
  let over = false;

  function kick(): void {
    while (!over && ready.length > 0 && lane.inFlight < mostInFlight()) work(takeBlock()).catch(fail);
  }

  /** Beyond two, blocks go when they are full: few keys in many small ones would cost more than they gain. */
  function mostInFlight(): number {
    return ready.length >= sizer.most() ? sizer.window() : 2;
  }

  function fail(error: unknown): void {
    over = true;
    options.onFailure(error);
  }

  /** The first messages of as many keys as go into one block; at least one. */
  function takeBlock(): readonly Letter[] {
    const taken: Letter[] = [];
    let most = sizer.most();
    let bytes = 0;
    for (let letter = ready.first?.letters[0]; letter !== undefined; letter = ready.first?.letters[0]) {
      most = Math.min(most, letter.company);
      bytes += sizeOf(letter);
      if (taken.length > 0 && (taken.length >= most || bytes > blockBytes)) break;
      ready.shift();
      taken.push(letter);
    }
    return taken;
  }

  async function work(letters: readonly Letter[]): Promise<void> {
    try {
      const { result, milliseconds } = await lane.send([packed(letters)], letters.length);
      sizer.learn(letters.length, milliseconds);
      settle(letters, result);
    } catch (error) {
      recover(letters, error);
    }
    kick();
  }

  function settle(letters: readonly Letter[], result: BlockResult): void {
    let succeeded = 0;
    for (const [at, letter] of letters.entries()) {
      const failed = result.failed[at - succeeded];
      if (failed?.index === at) fault(letter, failed.error);
      else {
        letter.parcel.succeed(letter.index, result, succeeded++);
        leave(letter);
      }
    }
  }

  function recover(letters: readonly Letter[], error: unknown): void {
    const rpc = error instanceof CallError ? error.rpc : undefined;
    if (rpc === undefined && !(error instanceof LaneLost)) throw error;
    const [only, ...others] = letters;
    const isSuspect = !(error instanceof LaneLost) || error.blamed;
    if (isSuspect && only !== undefined && others.length === 0) {
      const message = `the instance ${(error as Error).message}`;
      fault(only, rpc ?? { code: rpcCodes.instanceLost, message });
      return;
    }
    // The culprit is one message of the block: smaller ones find it, and the others pass.
    if (isSuspect) for (const letter of letters) letter.company = Math.ceil(letters.length / partsOfSuspect);
    goAgain(letters);
  }

  function goAgain(letters: readonly Letter[]): void {
    ready.unshift(letters.map(({ key }) => required(chains.get(key))));
  }

  /** What may heal is tried again after a pause, in which its key waits; the rest is buried. */
  function fault(letter: Letter, error: RpcError): void {
    letter.tries++;
    const hopeless = letter.tries >= retry.attempts || !mayHeal(error);
    (hopeless ? giveUp(letter, error) : holdBack(letter)).then(kick, fail);
  }

  async function holdBack(letter: Letter): Promise<void> {
    options.onRetry();
    await delay(
      growingPause(letter.tries, { ...retry, first: retry.backoff, longest: retry.longestBackoff }),
    );
    goAgain([letter]);
  }

  async function giveUp(letter: Letter, error: RpcError): Promise<void> {
    await bury(letter.parcel.block, letter.index, letter.tries, error);
    letter.parcel.lose(letter.index);
    leave(letter);
  }

  /** The next of its key may go. */
  function leave(letter: Letter): void {
    const chain = required(chains.get(letter.key));
    chain.letters.shift();
    if (chain.letters.length > 0) ready.push(chain);
    else chains.delete(letter.key);
    options.onDone(letter);
  }

  return {
    add(letter) {
      const chain = chains.get(letter.key);
      if (chain !== undefined) return void chain.letters.push(letter);
      const begun = { letters: [letter] };
      chains.set(letter.key, begun);
      ready.push(begun);
    },
    kick,
  };
}

function sizeOf({ parcel, index }: Letter): number {
  return (parcel.ends[index] as number) - (parcel.starts[index] as number);
}

/** The messages with commas between them. Neighbours are copied together. */
function packed(letters: readonly Letter[]): Uint8Array {
  const size = letters.reduce((sum, letter) => sum + sizeOf(letter) + 1, -1);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const { parcel, index } of letters) {
    if (at > 0) bytes[at++] = comma;
    at += parcel.text.copy(bytes, at, parcel.starts[index], parcel.ends[index]);
  }
  return bytes;
}

const comma = 0x2c;

function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('a message is worked whose key is not there');
  return found;
}
