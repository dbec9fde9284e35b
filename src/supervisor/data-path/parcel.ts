import type { BlockResult } from '../../bridge/index.ts';
import type { Validator } from '../../types/index.ts';
import { arrayOf, type Block, createResultBlock, runsWithout } from './block.ts';
import type { Worked } from './worked.ts';

/** A block whose messages are worked apart from each other, and whose results are put together again in its order. */
export interface Parcel {
  readonly block: Block;
  /** The bytes that hold the messages, and where each lies in them. */
  readonly text: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Bytes of message `index`. */
  sizeOf(index: number): number;
  /** Message `index` has the result `nth` of an answer. */
  succeed(index: number, answer: BlockResult, nth: number): void;
  /** Message `index` is a dead letter. */
  lose(index: number): void;
  /** Resolves when each message has a result or is a dead letter. */
  readonly worked: Promise<Worked>;
}

export function createParcel(block: Block, json: Validator): Parcel {
  const { count } = block;
  const { text, starts, ends } = arrayOf(block, json);
  const texts = new Array<Uint8Array | undefined>(count);
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const worked = Promise.withResolvers<Worked>();
  let left = count;
  let bytes = 0;

  function settle(): void {
    if (--left === 0) worked.resolve(result());
  }

  function result(): Worked {
    const gone: number[] = [];
    for (let index = 0; index < count; index++) if (texts[index] === undefined) gone.push(index);
    const results = count - gone.length;
    if (results === 0) return { results: undefined, gone };
    const items = Buffer.allocUnsafeSlow(bytes + results + 1);
    const answer = { items, count: results, starts: new Int32Array(results), ends: new Int32Array(results) };
    let at = 0;
    let nth = 0;
    for (const [index, source] of texts.entries()) {
      if (source === undefined) continue;
      items[at] = nth === 0 ? openBracket : comma;
      answer.starts[nth] = at + 1;
      at += 1 + bufferOf(source).copy(items, at + 1, from[index], to[index]);
      answer.ends[nth++] = at;
    }
    items[at] = closeBracket;
    const runs = gone.length === 0 ? block.runs : runsWithout(block.runs, gone);
    return { results: createResultBlock(answer, runs), gone };
  }

  return {
    block,
    text: bufferOf(text),
    starts,
    ends,
    sizeOf: (index) => (ends[index] as number) - (starts[index] as number),
    succeed(index, { items, starts, ends }, nth) {
      const [start, end] = [starts[nth] as number, ends[nth] as number];
      texts[index] = items;
      from[index] = start;
      to[index] = end;
      bytes += end - start;
      settle();
    },
    lose: settle,
    worked: worked.promise,
  };
}

const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
