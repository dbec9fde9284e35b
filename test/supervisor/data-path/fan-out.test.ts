import { expect, it } from 'vitest';
import { linesOf } from '../../../src/connectors/records/lines-of.ts';
import { arrayOf, type Block, createResultBlock } from '../../../src/supervisor/data-path/block.ts';
import { createFanOut } from '../../../src/supervisor/data-path/fan-out.ts';
import { createBook, createLedger } from '../../../src/supervisor/data-path/ledger.ts';
import { compileValidator } from '../../../src/types/index.ts';

it('gives each branch bytes of its own: a sink writes over its batch, and its neighbour still reads JSON', async () => {
  const json = compileValidator({ kind: 'json' }, 'input');
  const batch = createLedger(createBook(), () => {}).open(2, 1, '');
  const items = Buffer.from('[1,2]');
  const answer = { items, count: 2, starts: Int32Array.of(1, 3), ends: Int32Array.of(2, 4) };
  const got: Block[] = [];
  const writing = {
    async push(block: Block) {
      linesOf({ ...arrayOf(block, json), items: arrayOf(block, json).text, count: block.count }, 'json');
    },
    async end() {},
  };
  const keeping = { push: async (block: Block) => void got.push(block), end: async () => {} };
  for (const outlets of [
    [writing, keeping],
    [keeping, writing],
  ]) {
    await createFanOut(outlets).push(
      createResultBlock({ ...answer, items: Buffer.from(items) }, [{ batch, count: 2 }]),
    );
  }
  expect(got.map(({ pieces }) => Buffer.concat(pieces).toString())).toEqual(['1,2', '1,2']);
});
