import { expect } from 'vitest';
import type { LogLevel } from '../../../src/bridge/index.ts';
import type { BehaviourCase } from './behaviour.ts';
import { text } from './texts.ts';

const area = 'notifications';
const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'critical'];

export const notificationCases: readonly BehaviourCase[] = [
  ...levels.map(
    (level): BehaviourCase => ({
      area,
      name: `a log of level ${level} reaches the hub before the answer`,
      async run(_language, shared) {
        const session = await shared.peer();
        const before = session.events.length;
        await session.peer.call('note', text(`["${level}"]`), { timeout: 10_000 });
        expect(session.events.slice(before)).toMatchObject([
          { kind: 'log', level, message: 'a note', fields: { number: 7, nested: { list: [1, null] } } },
        ]);
      },
    }),
  ),
  {
    area,
    name: 'a metric reaches the hub with its labels',
    async run(_language, shared) {
      const session = await shared.peer();
      const before = session.events.length;
      await session.peer.call('measure', text('[2.5]'), { timeout: 10_000 });
      expect(session.events.slice(before)).toEqual([
        { kind: 'metric', name: 'conformance.value', value: 2.5, labels: { unit: 'miles' } },
      ]);
    },
  },
];
