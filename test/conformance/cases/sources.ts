import { expect } from 'vitest';
import { type BridgePeer, type NextResult, rpcCodes } from '../../../src/bridge/index.ts';
import type { LanguageAdapter } from '../language-adapter.ts';
import { openPeer, openStarted, type PeerSession, readAnswer } from '../session.ts';
import type { BehaviourCase } from './behaviour.ts';
import { text } from './texts.ts';

const area = 'sources';
const letters = [...'abcdefghijklmnopqrstuvwxyz'];

/** Sources and sinks through the hub's own end of the bridge, over the service of the transcripts. */
export const sourceCases: readonly BehaviourCase[] = [
  withPeer(
    'items come in order, never more than were asked for, and then the end',
    async ({ peer }, again) => {
      for (const credit of [1, 2, 7, 65_536]) {
        await using session = await again();
        const taken = await takeAll(session.peer, 'letters', credit);
        expect(taken.items).toEqual(letters);
        expect(taken.positions).toEqual(letters.map((letter) => JSON.stringify(letter)));
        expect(Math.max(...taken.counts)).toBeLessThanOrEqual(credit);
      }
      expect((await takeAll(peer, 'three', 2)).positions).toEqual(['1', '2', '3']);
      expect(await peer.next('three', { credit: 2 })).toMatchObject({ count: 0, end: true });
    },
  ),
  withPeer('a source goes on from where it stood', async (_, again) => {
    for (const after of ['a', 'm', 'y', 'z']) {
      await using session = await again();
      const taken = await takeAll(session.peer, 'letters', 4, JSON.stringify(after));
      expect(taken.items).toEqual(letters.filter((letter) => letter > after));
    }
  }),
  withPeer(
    'a source without positions of its own counts on from the one that it is given',
    async ({ peer }) => {
      const taken = await takeAll(peer, 'five', 4, '3');
      expect(taken).toMatchObject({ items: [4, 5], positions: ['4', '5'] });
    },
  ),
  withPeer('an item that has no JSON is told beside the others', async ({ peer }) => {
    const taken = await takeAll(peer, 'odd', 1);
    expect(taken).toMatchObject({ items: [1.5, 2.5], positions: ['1', '2', '3'] });
    expect(taken.failed).toMatchObject([{ code: rpcCodes.invalidResult }]);
  }),
  withPeer(
    'a source that fails has given its items, says where it failed, and begins anew',
    async ({ peer }) => {
      for (const position of [undefined, '1']) {
        const options = position === undefined ? {} : { position };
        expect(await peer.next('stumble', { credit: 1, ...options })).toMatchObject({ count: 1 });
        const failure = peer.next('stumble', { credit: 1 });
        await expect(failure).rejects.toMatchObject({
          rpc: { code: rpcCodes.serviceError, message: expect.stringContaining('no more') },
        });
        await expect(failure).rejects.toMatchObject({
          rpc: { data: { stack: expect.stringMatching(/stumble/) } },
        });
      }
    },
  ),
  withPeer('a position that does not fit is refused, and another one taken', async ({ peer }) => {
    for (const position of ['7', '{"a":[]}', '["a"]']) {
      await expect(peer.next('letters', { credit: 1, position }), position).rejects.toMatchObject({
        rpc: { code: rpcCodes.invalidParams },
      });
    }
    expect(await peer.next('letters', { credit: 1, position: '"x"' })).toMatchObject({ positions: ['"y"'] });
  }),
  withPeer('what is confirmed reaches the author while another source is waited for', async ({ peer }) => {
    const stop = new AbortController();
    const waiting = peer.next('never', { credit: 1, signal: stop.signal });
    await peer.next('letters', { credit: 3 });
    await peer.ack('letters', '"b"');
    expect(new TextDecoder().decode(await peer.call('confirmed', text('[]')))).toBe('"b"');
    stop.abort();
    await expect(waiting).rejects.toThrow();
  }),
  withPeer('a next that is given up lets the service serve on', async ({ peer }) => {
    for (let time = 0; time < 3; time++) {
      const waiting = peer.next('never', { credit: 1, signal: AbortSignal.timeout(20) });
      await expect(waiting).rejects.toThrow();
    }
    expect((await takeAll(peer, 'three', 3)).items).toEqual([1, 2, 3]);
  }),
  withPeer('shutdown ends a source that is waited for', async ({ peer, shim }) => {
    const waiting = peer.next('never', { credit: 1 });
    const refused = expect(waiting).rejects.toMatchObject({ rpc: { code: rpcCodes.cancelled } });
    await peer.shutdown({ timeout: 10_000 });
    await refused;
    expect(await shim.exited).toBe(0);
  }),
  ...(['the end of input', 'SIGTERM'] as const).map(
    (how): BehaviourCase => ({
      area,
      name: `${how} ends a source that is waited for`,
      async run(language) {
        await using session = await openStarted(language, 'conformance');
        session.send('{"jsonrpc":"2.0","id":1,"method":"next","params":[{"function":"never","credit":1}]}\n');
        // Answered in order, so that the next is being waited for.
        expect((await session.request(2, 'confirmed', '[]')).result).toBe(null);
        if (how === 'SIGTERM') session.shim.signal('SIGTERM');
        else session.shim.input.end();
        expect(readAnswer(await session.receive())).toMatchObject({
          id: 1,
          error: { code: rpcCodes.cancelled },
        });
        expect(await session.shim.exited).toBe(0);
      },
    }),
  ),
  withPeer('a sink gives nothing', async ({ peer }) => {
    const { items, failed } = await peer.block('drop', [text('"a","b"')], 2);
    expect(new TextDecoder().decode(items)).toBe('[null,null]');
    expect(failed).toEqual([]);
    expect(new TextDecoder().decode(await peer.call('drop', text('["a"]')))).toBe('null');
  }),
];

function withPeer(
  name: string,
  run: (session: PeerSession, again: () => Promise<PeerSession>) => Promise<void>,
): BehaviourCase {
  return {
    area,
    name,
    async run(language: LanguageAdapter) {
      const again = () => openPeer(language, 'conformance');
      await using session = await again();
      await run(session, again);
    },
  };
}

interface Taken {
  readonly items: readonly unknown[];
  readonly positions: readonly string[];
  readonly failed: readonly { readonly code: number }[];
  readonly counts: readonly number[];
}

/** Everything that a source gives until its end. */
async function takeAll(peer: BridgePeer, name: string, credit: number, position?: string): Promise<Taken> {
  const answers: NextResult[] = [];
  for (let end = false; !end; end = answers.at(-1)?.end ?? true) {
    const from = answers.length > 0 || position === undefined ? {} : { position };
    answers.push(await peer.next(name, { credit, ...from }));
  }
  return {
    items: answers.flatMap(({ items }) => JSON.parse(new TextDecoder().decode(items)) as unknown[]),
    positions: answers.flatMap(({ positions }) => positions),
    failed: answers.flatMap(({ failed }) => failed.map(({ error }) => error)),
    counts: answers.map(({ positions }) => positions.length),
  };
}
