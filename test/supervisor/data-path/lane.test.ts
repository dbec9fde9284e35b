import { expect, it } from 'vitest';
import type { BridgePeer } from '../../../src/bridge/index.ts';
import { createLane } from '../../../src/supervisor/data-path/lane.ts';

it('starts no instance any more when it is closed in the pause after several deaths', async () => {
  let opened = 0;
  const replaced: string[] = [];
  const lane = createLane({
    label: 'Work',
    functionName: 'work',
    timeout: 1_000,
    async open() {
      opened++;
      const closed = Promise.resolve({ kind: 'ended', message: 'died' } as const);
      return { peer: { closed, close: () => {} } as unknown as BridgePeer, close: async () => {} };
    },
    onReplaced: (reason) => replaced.push(reason),
  });
  await lane.ready();
  while (replaced.length < 3) await new Promise(setImmediate);
  const before = opened;
  await lane.close();
  expect(opened).toBe(before);
});
