import { expect } from 'vitest';
import { openPeer, openStarted, readAnswer } from '../session.ts';
import type { BehaviourCase } from './behaviour.ts';
import { begin } from './slow-calls.ts';

const area = 'endings';

export const endingCases: readonly BehaviourCase[] = [
  {
    area,
    name: 'shutdown calls the hook, is answered, and ends the process',
    async run(language) {
      await using session = await openPeer(language, 'behaviour');
      await session.peer.shutdown({ timeout: 10_000 });
      expect(await session.shim.exited).toBe(0);
      await session.printed.ended;
      expect(session.printed.all).toEqual(['import', 'startup', 'shutdown']);
    },
  },
  {
    area,
    name: 'at the end of its input the service answers what came, calls the hook and ends',
    async run(language) {
      await using session = await openStarted(language, 'behaviour');
      session.send(
        [1, 2, 3].map((id) => `{"jsonrpc":"2.0","id":${id},"method":"fail","params":["a"]}\n`).join(''),
      );
      session.shim.input.end();
      for (const id of [1, 2, 3]) expect(readAnswer(await session.receive()).id).toBe(id);
      expect(await session.shim.exited).toBe(0);
      await session.printed.ended;
      expect(session.printed.all).toContain('shutdown');
    },
  },
  {
    area,
    name: 'SIGTERM while the service waits calls the hook and ends it',
    async run(language) {
      await using session = await openStarted(language, 'behaviour');
      session.shim.signal('SIGTERM');
      expect(await session.shim.exited).toBe(0);
      await session.printed.ended;
      expect(session.printed.all).toContain('shutdown');
    },
  },
  {
    area,
    name: 'SIGTERM during a call lets it be answered, then calls the hook and ends the service',
    async run(language) {
      await using session = await openStarted(language, 'behaviour');
      await using gate = await session.shim.createGate();
      await begin(session, gate);
      session.shim.signal('SIGTERM');
      await gate.open('done');
      expect(readAnswer(await session.receive())).toMatchObject({ id: 1, result: 'done' });
      expect(await session.shim.exited).toBe(0);
      await session.printed.ended;
      expect(session.printed.all).toContain('shutdown');
    },
  },
  {
    area,
    name: 'a hub that reads no more ends the service',
    async run(language) {
      await using session = await openStarted(language, 'behaviour');
      session.shim.output.destroy();
      session.send('{"jsonrpc":"2.0","id":1,"method":"fail","params":["a"]}\n');
      expect(await session.shim.exited).toBe(0);
      await session.printed.ended;
      expect(session.printed.all).toContain('shutdown');
    },
  },
  {
    area,
    name: 'a service that ends is seen as such by the hub',
    async run(language) {
      await using session = await openPeer(language, 'behaviour');
      session.shim.signal('SIGKILL');
      expect(await session.peer.closed).toMatchObject({ kind: 'ended' });
    },
  },
];
