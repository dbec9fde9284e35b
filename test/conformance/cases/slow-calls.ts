import { expect } from 'vitest';
import { rpcCodes } from '../../../src/bridge/index.ts';
import type { Gate } from '../language-adapter.ts';
import { openPeer, openStarted, type RawSession, readAnswer } from '../session.ts';
import type { BehaviourCase } from './behaviour.ts';
import { text } from './texts.ts';

const area = 'slow calls';

/** Has begun `wait` under the id 1. */
export async function begin(session: RawSession, gate: Gate): Promise<void> {
  session.send(`{"jsonrpc":"2.0","id":1,"method":"wait","params":[${JSON.stringify(gate.path)}]}\n`);
  await session.printed.has('waiting');
}

export const slowCases: readonly BehaviourCase[] = [
  {
    area,
    name: 'calls wait for one that lasts, and are answered in order',
    async run(language) {
      await using session = await openPeer(language, 'behaviour');
      await using gate = await session.shim.createGate();
      const answered: string[] = [];
      const slow = session.peer
        .call('wait', text(`[${JSON.stringify(gate.path)}]`))
        .then(() => answered.push('slow'));
      await session.printed.has('waiting');
      const quick = session.peer.call('fail', text('["a"]')).then(() => answered.push('quick'));
      await gate.open('done');
      await Promise.all([slow, quick]);
      expect(answered).toEqual(['slow', 'quick']);
    },
  },
  {
    area,
    name: 'a call or block that was cancelled before it was begun is never run',
    async run(language) {
      await using session = await openStarted(language, 'behaviour');
      await using gate = await session.shim.createGate();
      await begin(session, gate);
      session.send(
        [
          '{"jsonrpc":"2.0","id":2,"method":"say","params":["print"]}',
          '{"jsonrpc":"2.0","id":3,"method":"$/block","params":{"function":"say","items":["print"]}}',
          '{"jsonrpc":"2.0","id":4,"method":"fail","params":["a"]}',
          '{"jsonrpc":"2.0","method":"$/cancel","params":{"id":2}}',
          '{"jsonrpc":"2.0","method":"$/cancel","params":{"id":3}}',
          '',
        ].join('\n'),
      );
      await gate.open('done');
      const answers = new Map<number | null, ReturnType<typeof readAnswer>>();
      while (answers.size < 4) {
        const answer = readAnswer(await session.receive());
        answers.set(answer.id, answer);
      }
      expect(answers.get(1)?.result).toBe('done');
      expect(answers.get(2)?.error?.code).toBe(rpcCodes.cancelled);
      expect(answers.get(3)?.error?.code).toBe(rpcCodes.cancelled);
      expect(answers.get(4)?.result).toBe('a');
      expect(session.printed.all).not.toContain('said by print');
    },
  },
  {
    area,
    name: 'a call that runs is answered although it was cancelled, and so are unknown ids left alone',
    async run(language) {
      await using session = await openStarted(language, 'behaviour');
      await using gate = await session.shim.createGate();
      await begin(session, gate);
      session.send(
        '{"jsonrpc":"2.0","method":"$/cancel","params":{"id":1}}\n{"jsonrpc":"2.0","method":"$/cancel","params":{"id":99}}\n',
      );
      await gate.open('done');
      const answer = readAnswer(await session.receive());
      expect(answer.id).toBe(1);
      expect(answer.result === 'done' || answer.error?.code === rpcCodes.cancelled).toBe(true);
      expect((await session.request(5, 'fail', '["a"]')).result).toBe('a');
    },
  },
  {
    area,
    name: 'the hub gives up a call after its time, and the service serves on',
    async run(language) {
      await using session = await openPeer(language, 'behaviour');
      await using gate = await session.shim.createGate();
      const slow = session.peer.call('wait', text(`[${JSON.stringify(gate.path)}]`), { timeout: 50 });
      await expect(slow).rejects.toThrow();
      await session.printed.has('waiting');
      await gate.open('done');
      expect(new TextDecoder().decode(await session.peer.call('fail', text('["a"]')))).toBe('"a"');
    },
  },
];
