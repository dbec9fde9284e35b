import { describe, expect, it } from 'vitest';
import { createCommitter } from '../../../src/supervisor/data-path/committer.ts';

function record(rest: number, gate?: () => Promise<void>) {
  const carried: unknown[] = [];
  const committer = createCommitter({
    async carry(position, partition) {
      await gate?.();
      carried.push([partition, position]);
    },
    rest,
    onFailure: (error) => carried.push(error),
  });
  return { committer, carried };
}

describe('commits', () => {
  it('that come while one is under way are one, the last', async () => {
    const gate = Promise.withResolvers<void>();
    const { committer, carried } = record(0, () => gate.promise);
    for (const position of [1, 2, 3]) committer.commit(position, 'a');
    committer.commit(9, 'b');
    gate.resolve();
    await committer.settled();
    expect(carried).toEqual([
      ['a', 1],
      ['b', 9],
      ['a', 3],
    ]);
  });

  it('rest between two of a partition, but not at the end', async () => {
    const { committer, carried } = record(60_000);
    committer.commit(1, 'a');
    await new Promise(setImmediate);
    committer.commit(2, 'a');
    expect(carried).toEqual([['a', 1]]);
    await committer.settled();
    expect(carried).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
  });

  it('that fail are told, and settle as failed', async () => {
    const { committer, carried } = record(0, () => Promise.reject(new Error('full')));
    committer.commit(1, 'a');
    await expect(committer.settled()).rejects.toThrow('full');
    expect(carried).toEqual([new Error('full')]);
  });
});
