import { expect } from 'vitest';
import { openStarted } from '../session.ts';
import type { BehaviourCase } from './behaviour.ts';
import { text } from './texts.ts';

const area = 'prints';

/** Ways in which user code reaches the process's own stdout. */
const ways = ['print', 'descriptor', 'child', 'native'] as const;

export const printCases: readonly BehaviourCase[] = [
  ...ways.map(
    (way): BehaviourCase => ({
      area,
      name: `what is printed by ${way} goes to the log and not into the protocol`,
      async run(_language, shared) {
        const session = await shared.peer();
        const result = await session.peer.call('say', text(`["${way}"]`), { timeout: 10_000 });
        expect(new TextDecoder().decode(result)).toBe(`"${way}"`);
        await session.printed.has(`said by ${way}`);
      },
    }),
  ),
  {
    area,
    name: 'a print that looks like an answer is a print',
    async run(_language, shared) {
      const session = await shared.peer();
      const result = await session.peer.call('say', text('["frame"]'), { timeout: 10_000 });
      expect(new TextDecoder().decode(result)).toBe('"frame"');
      await session.printed.has('{"jsonrpc":"2.0","id":1,"result":"smuggled"}');
    },
  },
  {
    area,
    name: 'what is printed while the code is loaded and started goes to the log',
    async run(language) {
      await using session = await openStarted(language, 'behaviour');
      await session.printed.has('startup');
      expect(session.printed.all).toEqual(['import', 'startup']);
    },
  },
  {
    area,
    name: 'user code that reads stdin gets nothing and takes nothing from the protocol',
    async run(_language, shared) {
      const session = await shared.peer();
      const first = session.peer.call('say', text('["stdin"]'), { timeout: 10_000 });
      const second = session.peer.call('say', text('["print"]'), { timeout: 10_000 });
      expect(new TextDecoder().decode(await first)).toBe('""');
      expect(new TextDecoder().decode(await second)).toBe('"print"');
    },
  },
];
