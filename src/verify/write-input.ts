import { setTimeout as delay } from 'node:timers/promises';
import type { Sink, SinkBatch } from '../connectors/index.ts';
import type { MessageMaker } from './message-maker.ts';

export interface WriteInputOptions {
  /** One for all, or one for each lane. */
  readonly sinks: readonly Sink[];
  readonly messages: number;
  readonly lanes: number;
  readonly make: MessageMaker;
  /** Messages a second; undefined: as fast as they are taken. */
  readonly rate: number | undefined;
  /** How many may be written by now. */
  allowed(): number;
  readonly signal: AbortSignal;
  /** All numbers below this are written. */
  onSent(sent: number): void;
  /** The system would not take this one. */
  onRefused(number: number): void;
}

/** Messages of a batch, at most, and batches that are on their way at once. */
const fullBatch = 500;
const mostOnTheirWay = 8;
/** Batches a second at a given rate. */
const ticks = 20;
/** Milliseconds between two looks at whether more may be written. */
const glance = 10;

/** Writes the numbers in their order, within a lane at least. Resolves when all are confirmed, or when the signal is aborted. */
export async function writeInput(options: WriteInputOptions): Promise<void> {
  const { messages, rate, signal, onSent } = options;
  const size = rate === undefined ? fullBatch : Math.max(1, Math.min(fullBatch, Math.round(rate / ticks)));
  const began = performance.now();
  const waiting: Promise<void>[] = [];
  for (let from = 0; from < messages; ) {
    const late = rate === undefined ? 0 : began + (from * 1000) / rate - performance.now();
    if (late > 0) await delay(late, undefined, { signal }).catch(() => {});
    while (from >= options.allowed() && !signal.aborted) await delay(glance);
    if (signal.aborted) break;
    const until = Math.min(from + size, options.allowed());
    waiting.push(writeBatch(options, from, until).then(() => onSent(until)));
    from = until;
    if (waiting.length >= mostOnTheirWay) await waiting.shift();
  }
  await Promise.all(waiting);
}

async function writeBatch(
  { sinks, lanes, make, onRefused }: WriteInputOptions,
  from: number,
  until: number,
): Promise<void> {
  const numbers = Array.from({ length: until - from }, (_, index) => from + index);
  const groups =
    sinks.length === 1
      ? [numbers]
      : sinks.map((_, lane) => numbers.filter((number) => number % lanes === lane));
  await Promise.all(
    sinks.map(async (sink, index) => {
      const group = groups[index] ?? [];
      if (group.length === 0) return;
      const refused = (await sink.write(batchOf(group.map(make)))) ?? [];
      for (const { index: at } of refused) onRefused(group[at] ?? from);
    }),
  );
}

function batchOf(messages: readonly string[]): SinkBatch {
  const starts = new Int32Array(messages.length);
  const ends = new Int32Array(messages.length);
  let at = 1;
  for (const [index, message] of messages.entries()) {
    starts[index] = at;
    ends[index] = at + Buffer.byteLength(message);
    at = (ends[index] as number) + 1;
  }
  return { items: Buffer.from(`[${messages.join(',')}]`), count: messages.length, starts, ends };
}
