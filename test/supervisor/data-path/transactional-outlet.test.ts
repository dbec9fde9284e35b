import { expect, it } from 'vitest';
import type { SinkTransactions } from '../../../src/connectors/index.ts';
import { createBlock } from '../../../src/supervisor/data-path/block.ts';
import { createBook, createLedger } from '../../../src/supervisor/data-path/ledger.ts';
import { createTransactionalOutlet } from '../../../src/supervisor/data-path/transactional-outlet.ts';
import { compileValidator } from '../../../src/types/index.ts';

interface Position {
  readonly offset: number;
  readonly claim: number;
}

/** Transactions that commit what belongs to the present claim alone. */
function claimedTransactions(claim: number) {
  const committed: string[] = [];
  const transactions: SinkTransactions = {
    async check() {},
    continues: (before, next) => (before as Position).claim === (next as Position).claim,
    async begin() {
      const written: string[] = [];
      return {
        async write({ items, starts, ends, count }) {
          for (let index = 0; index < count; index++)
            written.push(Buffer.from(items.subarray(starts[index], ends[index])).toString());
          return [];
        },
        async commit(position) {
          if ((position as Position).claim !== claim) return false;
          committed.push(...written);
          return true;
        },
        async abort() {},
      };
    },
  };
  return { transactions, committed };
}

it('never commits what was read before a partition came back together with the same messages, read again', async () => {
  const { transactions, committed } = claimedTransactions(2);
  const book = createBook();
  const ledger = createLedger(book, () => {});
  const outlet = createTransactionalOutlet({
    label: 'out',
    transactions,
    origin: {},
    json: compileValidator({ kind: 'json' }, 'input'),
    deadLetters: { keep: async () => {}, count: 0, where: '', close: async () => {} },
    onTransacted: () => {},
    onConfirmed: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  const give = (position: Position, ...messages: string[]) => {
    const batch = ledger.open(messages.length, position, 'clicks-0');
    const runs = [{ batch, count: messages.length }];
    return outlet.push(createBlock([Buffer.from(messages.join(','))], messages.length, runs));
  };
  await give({ offset: 2, claim: 1 }, '1', '2');
  await give({ offset: 3, claim: 2 }, '1', '2', '3');
  await outlet.end();
  expect(committed).toEqual(['1', '2', '3']);
  expect(book).toMatchObject({ dropped: 2, confirmed: 3 });
});
