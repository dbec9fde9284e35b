import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatchLedger } from '../../../src/supervisor/data-path/batch.ts';

describe('the batch ledger', () => {
  it('commits a position only when its batch and every batch before it are complete', () => {
    const committed: unknown[] = [];
    const ledger = createBatchLedger((position) => committed.push(position));
    const first = ledger.open(2, 'first');
    const second = ledger.open(1, 'second');
    second.settle(1);
    first.settle(1);
    expect(committed).toEqual([]);
    first.settle(1);
    expect(committed).toEqual(['second']);
    expect(ledger.pending).toBe(0);
  });

  it('treats an empty batch as complete', () => {
    const committed: unknown[] = [];
    createBatchLedger((position) => committed.push(position)).open(0, 7);
    expect(committed).toEqual([7]);
  });

  it('refuses to acknowledge a delivery twice', () => {
    const batch = createBatchLedger(() => {}).open(1, 0);
    batch.settle(1);
    expect(() => batch.settle(1)).toThrow('acknowledged twice');
  });

  it('says when everything is settled', async () => {
    const ledger = createBatchLedger(() => {});
    const batch = ledger.open(1, 0);
    const drained = ledger.drained();
    batch.settle(1);
    await drained;
    await ledger.drained();
  });

  it('hands positions on in order, whatever the order of settling', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (sizes, choices) => {
          const committed: number[] = [];
          const ledger = createBatchLedger((position) => committed.push(position as number));
          const open = sizes.flatMap((size, index) => {
            const batch = ledger.open(size, index);
            return Array.from({ length: size }, () => batch);
          });
          while (open.length > 0) open.splice((choices.next().value ?? 0) % open.length, 1)[0]?.settle(1);
          expect(committed).toEqual([...committed].sort((a, b) => a - b));
          expect(committed.at(-1)).toBe(sizes.length - 1);
          expect(ledger.pending).toBe(0);
        },
      ),
    );
  });
});
