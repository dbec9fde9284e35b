import { describe, expect, it } from 'vitest';
import { createBlock } from '../../../src/supervisor/data-path/block.ts';
import { createBlockQueue } from '../../../src/supervisor/data-path/block-queue.ts';
import { createBlockSizer } from '../../../src/supervisor/data-path/block-sizer.ts';
import type { Batch } from '../../../src/supervisor/data-path/ledger.ts';
import { createLogLimit } from '../../../src/supervisor/data-path/log-limit.ts';
import { compileValidator } from '../../../src/types/index.ts';

const json = compileValidator({ kind: 'json' }, 'input');
const batch = batchOf('');

function batchOf(partition: string): Batch {
  return {
    sequence: { partition },
    position: 0,
    left: 1,
    settle: () => {},
    split: () => {},
    watch: () => {},
  };
}
const bounds = { messages: () => 10, bytes: 1_000, blockBytes: 100, held: () => false };

function numbers(from: number, count: number, of = batch) {
  const text = Array.from({ length: count }, (_, index) => from + index).join(',');
  return createBlock([Buffer.from(text)], count, [{ batch: of, count }]);
}

function text(block: { pieces: readonly Uint8Array[] } | undefined): string {
  return block === undefined ? 'nothing' : Buffer.concat(block.pieces).toString();
}

describe('the queue in front of a stage', () => {
  it('joins what is waiting into one block', async () => {
    const queue = createBlockQueue(bounds, json);
    await queue.push(numbers(1, 2));
    await queue.push(numbers(3, 2));
    expect(text(await queue.take(() => 64))).toBe('1,2,3,4');
  });

  it('cuts a block that is longer than asked, and keeps the order', async () => {
    const queue = createBlockQueue(bounds, json);
    await queue.push(numbers(1, 5));
    expect(text(await queue.take(() => 2))).toBe('1,2');
    expect(text(await queue.take(() => 64))).toBe('3,4,5');
  });

  it('never joins beyond the size of a block in bytes', async () => {
    const queue = createBlockQueue({ ...bounds, blockBytes: 8 }, json);
    await queue.push(numbers(1, 3));
    await queue.push(numbers(4, 3));
    expect(text(await queue.take(() => 64))).toBe('1,2,3');
  });

  it('holds the writer back while it is full', async () => {
    const queue = createBlockQueue(bounds, json);
    let passed = false;
    const pushed = queue.push(numbers(1, 10)).then(() => {
      passed = true;
    });
    await new Promise(setImmediate);
    expect(passed).toBe(false);
    await queue.take(() => 64);
    await pushed;
    expect(queue.waiting).toBe(0);
  });

  it('gives what is left after its end, and then nothing', async () => {
    const queue = createBlockQueue(bounds, json);
    const waiting = queue.take(() => 1);
    await queue.push(numbers(1, 1));
    queue.end();
    expect(text(await waiting)).toBe('1');
    expect(await queue.take(() => 1)).toBeUndefined();
  });
});

describe('a queue with messages of several partitions', () => {
  it('joins none of one with those of another', async () => {
    const queue = createBlockQueue(bounds, json);
    await queue.push(numbers(1, 2));
    await queue.push(numbers(3, 2, batchOf('other')));
    expect(text(await queue.take(() => 64))).toBe('1,2');
    expect(text(await queue.take(() => 64))).toBe('3,4');
  });

  it('passes over one that is held, until it is released', async () => {
    const other = batchOf('other');
    let held = true;
    const queue = createBlockQueue(
      { ...bounds, held: (sequence) => held && sequence === batch.sequence },
      json,
    );
    await queue.push(numbers(1, 2));
    await queue.push(numbers(3, 2, other));
    expect(text(await queue.take(() => 64))).toBe('3,4');
    const next = queue.take(() => 64);
    held = false;
    queue.released();
    expect(text(await next)).toBe('1,2');
  });
});

describe('the size of blocks', () => {
  it('doubles from one while blocks are quick, up to a bound', () => {
    const sizer = createBlockSizer();
    expect(sizer.most()).toBe(1);
    for (let step = 0; step < 20; step++) sizer.learn(sizer.most(), 0.01);
    expect(sizer.most()).toBe(512);
  });

  it('is a single message for a function that takes long', () => {
    const sizer = createBlockSizer();
    for (let step = 0; step < 8; step++) sizer.learn(sizer.most(), 0.01);
    sizer.learn(sizer.most(), 100_000);
    expect(sizer.most()).toBe(1);
  });

  it('does not grow on blocks that were smaller than it allows', () => {
    const sizer = createBlockSizer();
    sizer.learn(1, 0.01);
    sizer.learn(1, 0.01);
    expect(sizer.most()).toBe(2);
  });
});

describe('the limit on log lines', () => {
  it('passes a burst, then so many a second, and counts what it left out', () => {
    let now = 0;
    const limit = createLogLimit(10, () => now);
    const passed = (lines: number) =>
      Array.from({ length: lines }, () => limit.pass()).filter(Boolean).length;
    expect(passed(25)).toBe(10);
    expect(limit.leftOut()).toBe(15);
    now = 500;
    expect(passed(25)).toBe(5);
    expect(limit.leftOut()).toBe(20);
    expect(limit.leftOut()).toBe(0);
  });
});
