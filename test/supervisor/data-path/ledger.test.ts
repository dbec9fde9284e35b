import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBook, createLedger, type Ledger } from '../../../src/supervisor/data-path/ledger.ts';

function ledgerOf(commit: (position: unknown, partition: string) => void = () => {}): Ledger {
  return createLedger(createBook(), commit);
}

describe('the ledger of deliveries', () => {
  it('commits a position only when its batch and every batch before it are complete', () => {
    const committed: unknown[] = [];
    const ledger = ledgerOf((position) => committed.push(position));
    const first = ledger.open(2, 'first', '');
    const second = ledger.open(1, 'second', '');
    second.settle(1, 'confirmed');
    first.settle(1, 'confirmed');
    expect(committed).toEqual([]);
    first.settle(1, 'confirmed');
    expect(committed).toEqual(['second']);
    expect(ledger.pending).toBe(0);
  });

  it('treats an empty batch as complete', () => {
    const committed: unknown[] = [];
    ledgerOf((position) => committed.push(position)).open(0, 7, '');
    expect(committed).toEqual([7]);
  });

  it('refuses to acknowledge a delivery twice', () => {
    const batch = ledgerOf().open(1, 0, '');
    batch.settle(1, 'confirmed');
    expect(() => batch.settle(1, 'confirmed')).toThrow('acknowledged twice');
  });

  it('says when everything is settled', async () => {
    const ledger = ledgerOf();
    const batch = ledger.open(1, 0, '');
    const drained = ledger.drained();
    batch.settle(1, 'confirmed');
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
          const ledger = ledgerOf((position) => committed.push(position as number));
          const open = sizes.flatMap((size, index) => {
            const batch = ledger.open(size, index, '');
            return Array.from({ length: size }, () => batch);
          });
          while (open.length > 0)
            open.splice((choices.next().value ?? 0) % open.length, 1)[0]?.settle(1, 'confirmed');
          expect(committed).toEqual([...committed].sort((a, b) => a - b));
          expect(committed.at(-1)).toBe(sizes.length - 1);
          expect(ledger.pending).toBe(0);
        },
      ),
    );
  });

  it('commits each partition by itself', () => {
    const committed: unknown[] = [];
    const ledger = ledgerOf((position, partition) => committed.push([partition, position]));
    const slow = ledger.open(1, 10, 'a');
    ledger.open(1, 20, 'b').settle(1, 'confirmed');
    expect(committed).toEqual([['b', 20]]);
    slow.settle(1, 'dead');
    expect(committed).toEqual([
      ['b', 20],
      ['a', 10],
    ]);
  });

  it('completes a message that was split when all that came of it have ended', () => {
    const committed: unknown[] = [];
    const book = createBook();
    const ledger = createLedger(book, (position) => committed.push(position));
    const batch = ledger.open(2, 'both', '');
    batch.split(3);
    batch.settle(4, 'confirmed');
    expect(committed).toEqual([]);
    batch.settle(1, 'dropped');
    expect(committed).toEqual(['both']);
    expect(book).toEqual({ read: 2, split: 3, confirmed: 4, dead: 0, dropped: 1 });
  });
});
