import { expect, it } from 'vitest';
import type { Block } from '../../../src/supervisor/data-path/block.ts';
import type { Inlets } from '../../../src/supervisor/data-path/compose.ts';
import { createBook } from '../../../src/supervisor/data-path/ledger.ts';
import { createReplayer } from '../../../src/supervisor/data-path/replay.ts';

it('a dead letter goes once more with the key that it came with, by which stages keep its order', async () => {
  const taken: Block[] = [];
  const inlets: Inlets = new Map([
    [
      0,
      {
        async push(block: Block) {
          taken.push(block);
          for (const { batch, count } of block.runs) batch.settle(count, 'confirmed');
        },
        async end() {},
      },
    ],
  ]);
  const side = {
    kind: 'connector',
    connector: 'list',
    parameters: {},
    type: { kind: 'json' },
    format: 'json',
  } as const;
  const plan = { name: 'test', text: '', nodes: [{ kind: 'sink', label: 'out', into: side } as const] };
  const letter = {
    stage: 'out',
    error: { code: 1, message: 'no' },
    attempts: 1,
    payload: Buffer.from('1'),
    json: true,
  };
  const { replay } = createReplayer(plan, inlets, createBook());
  expect(
    (
      await replay([
        { id: 1, ...letter, key: 7 },
        { id: 2, ...letter },
      ])
    ).ended,
  ).toHaveLength(2);
  expect(taken.map(({ runs }) => runs[0]?.keys)).toEqual([Int32Array.of(7), undefined]);
});
