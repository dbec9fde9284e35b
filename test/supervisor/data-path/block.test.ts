import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrayOf,
  type Block,
  createBlock,
  joinBlocks,
  messageBytes,
  runsOf,
  runsWithout,
  sliceBlock,
  splitBlock,
} from '../../../src/supervisor/data-path/block.ts';
import type { Batch } from '../../../src/supervisor/data-path/ledger.ts';
import { compileValidator } from '../../../src/types/index.ts';

const json = compileValidator({ kind: 'json' }, 'input');
const batch: Batch = {
  sequence: { partition: '' },
  position: 0,
  left: 1,
  settle: () => {},
  split: () => {},
  watch: () => {},
};

function blockOf(messages: readonly string[]): Block {
  return createBlock([Buffer.from(messages.join(','))], messages.length, [{ batch, count: messages.length }]);
}

function messagesOf(block: Block): string[] {
  return Array.from({ length: block.count }, (_, index) =>
    Buffer.from(messageBytes(block, index, json)).toString(),
  );
}

function keysOf({ runs }: Block): number[] {
  return runs.flatMap(({ count, keys }) => {
    expect(keys).toHaveLength(count);
    return [...(keys ?? [])];
  });
}

const messages = fc.array(
  fc.jsonValue().map((value) => JSON.stringify(value)),
  { minLength: 1, maxLength: 20 },
);

describe('a block', () => {
  it('keeps every byte of every message through any joining, cutting and slicing', () => {
    fc.assert(
      fc.property(messages, messages, fc.nat(), fc.nat(), (left, right, a, b) => {
        const joined = joinBlocks([blockOf(left), blockOf(right)]);
        const all = [...left, ...right];
        expect(messagesOf(joined)).toEqual(all);
        const at = 1 + (a % (all.length - 1));
        const [head, rest] = splitBlock(joined, at, json);
        expect([...messagesOf(head), ...messagesOf(rest)]).toEqual(all);
        const from = b % all.length;
        const to = from + 1 + (a % (all.length - from));
        expect(messagesOf(sliceBlock(joined, from, to, json))).toEqual(all.slice(from, to));
        expect(messagesOf(joinBlocks([rest, head]))).toEqual([...all.slice(at), ...all.slice(0, at)]);
      }),
    );
  });

  it('is one JSON array for the sink', () => {
    const { text } = arrayOf(joinBlocks([blockOf(['1', '"a,b"']), blockOf(['{"c":[2]}'])]), json);
    expect(Buffer.from(text).toString()).toBe('[1,"a,b",{"c":[2]}]');
  });

  it('knows which deliveries are left when some messages are gone', () => {
    const other: Batch = {
      sequence: batch.sequence,
      position: 0,
      left: 1,
      settle: () => {},
      split: () => {},
      watch: () => {},
    };
    const runs = [
      { batch, count: 3 },
      { batch: other, count: 2 },
    ];
    expect(runsWithout(runs, [0, 2, 3, 4])).toEqual([{ batch, count: 1 }]);
    expect(runsWithout(runs, [])).toEqual(runs);
  });

  it('keeps the key of each message through cutting, picking and losing', () => {
    const some = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, some, fc.nat(), fc.nat(), (left, right, a, b) => {
        const all = [...left, ...right].map((_, index) => `${index}`);
        const keys = Int32Array.from(all, (_, index) => index + 1);
        const block = createBlock([Buffer.from(all.join(','))], all.length, [
          { batch, count: left.length, keys: keys.slice(0, left.length) },
          { batch, count: right.length, keys: keys.slice(left.length) },
        ]);
        const from = a % all.length;
        const to = from + 1 + (b % (all.length - from));
        const picked = [...left, ...right].flatMap((yes, index) => (yes ? [index] : []));
        const without = { ...block, runs: runsWithout(block.runs, picked) };
        const rest = all.filter((_, index) => !picked.includes(index));
        expect(keysOf(sliceBlock(block, from, to, json))).toEqual(all.slice(from, to).map((at) => +at + 1));
        expect(keysOf({ ...block, runs: runsOf(block, picked) })).toEqual(picked.map((index) => index + 1));
        expect(keysOf(without)).toEqual(rest.map((at) => +at + 1));
      }),
    );
  });

  it('says so when its bytes are not the messages it counts', () => {
    expect(() => arrayOf({ ...blockOf(['1,2']), count: 1 }, json)).toThrow('not the messages it counts');
  });
});
