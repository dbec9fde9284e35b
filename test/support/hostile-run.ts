import { Readable, Writable } from 'node:stream';
import { type BridgePeer, createPeer, type NextResult } from '../../src/bridge/index.ts';
import { compileValidator } from '../../src/types/index.ts';
import { createRandom, type Random } from '../conformance/differential/random.ts';
import { type Asked, type Effect, goodAnswer, hostileKinds } from './hostile-frames.ts';

export interface KindReport {
  readonly kind: string;
  frames: number;
  /** How many of them ended their peer. */
  ended: number;
}

export interface HostileReport {
  readonly frames: number;
  readonly peers: number;
  readonly kinds: readonly KindReport[];
  /** Messages and items that the hub was given an answer for. */
  readonly messages: number;
  /** Of those that were asked: never answered. */
  readonly lost: number;
  /** Accepted with another value than their own, or more than were asked. */
  readonly smuggled: number;
  /** Exceptions that nobody caught. */
  readonly crashes: number;
  /** Frames with another effect than theirs, in words, the first few. */
  readonly surprises: readonly string[];
}

const limit = 4_000;
const integers = compileValidator({ kind: 'integer' }, 'result');
const inFlight = 4;

/**
 * Feeds the hub's end of the bridge so many hostile frames, good answers between them, cut into chunks anywhere. A peer that ends is replaced, and what was with
 * it asked again, as the supervisor does it: in the end every message must have its own answer.
 */
export async function runHostile(options: {
  readonly frames: number;
  readonly seed: number;
  onProgress?(frames: number): void;
}): Promise<HostileReport> {
  const random = createRandom(options.seed);
  const kinds = Object.keys(hostileKinds).map((kind): KindReport => ({ kind, frames: 0, ended: 0 }));
  const surprises: string[] = [];
  let crashes = 0;
  const onCrash = () => crashes++;
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
  const work = createWork(random);
  let frames = 0;
  let peers = 0;

  async function onePeer(): Promise<void> {
    const { peer, feed, closed } = openPeer();
    peers++;
    work.begin(peer);
    while (frames < options.frames) {
      work.fill();
      if (random.chance(0.4)) await feed(Buffer.from(`${work.answerOne()}\n`), random);
      const report = random.pick(kinds);
      const make = hostileKinds[report.kind];
      if (make === undefined) throw new Error(`there is no kind ${report.kind}`);
      work.fill();
      const { bytes, effect } = make({ random, asked: work.asked(), last: work.last(), limit });
      work.expect(effect);
      report.frames++;
      frames++;
      await feed(bytes, random);
      const ended = closed();
      if (ended) report.ended++;
      if (effect !== 'any' && (effect === 'breach') !== ended)
        surprises.push(
          `${report.kind}: ${ended ? 'ended' : 'did not end'} the peer: ${bytes.subarray(0, 200)}`,
        );
      work.expect('answer');
      if (frames % 10_000 === 0) options.onProgress?.(frames);
      if (ended) return;
    }
    while (work.asked().length > 0) await feed(Buffer.from(`${work.answerOne()}\n`), random);
    peer.close();
  }

  try {
    while (frames < options.frames) await onePeer();
    await lastPeer(work);
  } finally {
    process.off('uncaughtException', onCrash);
    process.off('unhandledRejection', onCrash);
  }
  const { lost, smuggled, messages } = work.result();
  return { frames, peers, kinds, messages, lost, smuggled, crashes, surprises: surprises.slice(0, 10) };
}

/** Everything that is still waiting is asked once more, and answered. */
async function lastPeer(work: Work): Promise<void> {
  const { peer, feed } = openPeer();
  const random = createRandom(1);
  work.begin(peer);
  for (work.again(); work.asked().length > 0; work.again())
    await feed(Buffer.from(`${work.answerOne()}\n`), random);
  peer.close();
}

function openPeer() {
  const input = new Readable({ read() {} });
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const peer = createPeer({
    input,
    output,
    results: () => integers,
    limits: { message: limit, depth: 256 },
    onEvent: () => {},
  });
  let over = false;
  void peer.closed.then(() => {
    over = true;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    peer,
    closed: () => over,
    async feed(bytes: Buffer, random: Random): Promise<void> {
      const cut = random.chance(0.3) ? random.below(bytes.length) : 0;
      if (cut > 0) input.push(bytes.subarray(0, cut));
      if (cut > 0 && random.chance(0.5)) await turn();
      if (!input.destroyed) input.push(bytes.subarray(cut));
      await turn();
    },
  };
}

/** What is asked, and what has become of it. */
interface Work {
  begin(peer: BridgePeer): void;
  /** Asks until enough is in flight. */
  fill(): void;
  /** Asks for what is left over alone. */
  again(): void;
  asked(): readonly Asked[];
  last(): number;
  /** The good answer to one that waits. */
  answerOne(): string;
  expect(effect: Effect): void;
  result(): { readonly messages: number; readonly lost: number; readonly smuggled: number };
}

function createWork(random: Random): Work {
  let peer: BridgePeer | undefined;
  let waiting: Asked[] = [];
  const left: number[] = [];
  let made = 0;
  let answered = 0;
  let taken = 0;
  let smuggled = 0;
  let last = 0;
  let effect: Effect = 'answer';

  const settle = (one: Asked) => {
    waiting = waiting.filter((other) => other !== one);
  };
  const wrong = (count: number) => {
    if (effect !== 'any') smuggled += count;
  };

  /** A message that the hub was told has failed, or whose peer is gone, is asked again. */
  function failed(one: Asked, error: unknown): void {
    settle(one);
    if (!(error instanceof Error)) smuggled++;
    if (one.kind !== 'next') left.push(...one.items);
  }

  function block(items: readonly number[]): void {
    const one: Asked = { kind: 'block', id: ++last, items };
    waiting.push(one);
    peer?.block('echo', [Buffer.from(items.join(','))], items.length).then(
      (result) => {
        settle(one);
        const gone = new Set(result.failed.map(({ index }) => index));
        const kept = items.filter((_, index) => !gone.has(index));
        if (result.count + result.failed.length !== items.length) smuggled++;
        const values = JSON.parse(Buffer.from(result.items).toString()) as number[];
        wrong(values.filter((value, index) => value !== kept[index]).length);
        answered += kept.length;
        left.push(...items.filter((_, index) => gone.has(index)));
      },
      (error: unknown) => failed(one, error),
    );
  }

  function call(item: number): void {
    const one: Asked = { kind: 'call', id: ++last, items: [item] };
    waiting.push(one);
    peer?.call('echo', Buffer.from(`[${item}]`)).then(
      (result) => {
        settle(one);
        if (Number(Buffer.from(result).toString()) !== item) wrong(1);
        answered++;
      },
      (error: unknown) => failed(one, error),
    );
  }

  function next(credit: number): void {
    const one: Asked = { kind: 'next', id: ++last, credit, from: taken };
    waiting.push(one);
    peer?.next('ticks', { credit, position: String(taken) }).then(
      (result) => {
        settle(one);
        take(one, result);
      },
      (error: unknown) => failed(one, error),
    );
  }

  function take({ from }: { readonly from: number }, result: NextResult): void {
    const values = JSON.parse(Buffer.from(result.items).toString()) as number[];
    // What did not fit is asked for again here; a supervisor would keep it as a dead letter.
    if (result.failed.length > 0) return;
    values.forEach((value, nth) => {
      if (value !== from + nth + 1 || result.positions[nth] !== String(value)) smuggled++;
    });
    taken += values.length;
  }

  function ask(): void {
    const isSource = waiting.every(({ kind }) => kind !== 'next');
    if (isSource && random.chance(0.3)) {
      next(1 + random.below(20));
      return;
    }
    const items = left.splice(0, 1 + random.below(8));
    while (items.length === 0 || random.chance(0.5)) items.push(made++);
    const [only, ...more] = items;
    if (only !== undefined && more.length === 0 && random.chance(0.5)) call(only);
    else block(items);
  }

  return {
    begin(started) {
      peer = started;
      last = 0;
      // The peer that is gone has rejected all that was with it.
      waiting = [];
    },
    fill() {
      while (waiting.length < inFlight) ask();
    },
    again() {
      while (waiting.length < inFlight && left.length > 0) block(left.splice(0, 8));
    },
    asked: () => waiting,
    last: () => last,
    answerOne() {
      const one = waiting[0];
      if (one === undefined) throw new Error('nothing waits');
      return goodAnswer(one);
    },
    expect(now) {
      effect = now;
    },
    result: () => ({ messages: answered + taken, lost: made - answered, smuggled }),
  };
}
