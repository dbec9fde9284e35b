import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockResult } from '../../src/bridge/index.ts';
import { openStreams } from './streams.ts';
import { bytes } from './support.ts';

const params = bytes('[]');

describe('answers', () => {
  it('may come in another order than they were asked in', async () => {
    using streams = openStreams();
    const asked = [1, 2, 3].map(() => streams.peer.call('f', params));
    for (const id of [3, 1, 2]) streams.say(`{"jsonrpc":"2.0","id":${id},"result":"of ${id}"}\n`);
    expect((await Promise.all(asked)).map(String)).toEqual(['"of 1"', '"of 2"', '"of 3"']);
  });

  it('that come in one chunk keep their own results, whatever comes after them', async () => {
    using streams = openStreams({ kind: 'integer' });
    const first = streams.peer.block('f', [bytes('1,2')], 2);
    const second = streams.peer.block('f', [bytes('1,2,3')], 3);
    const call = streams.peer.call('f', params);
    streams.say(
      '{"jsonrpc":"2.0","id":1,"result":{"items":[10,2000]}}\n' +
        '{"jsonrpc":"2.0","id":2,"result":{"items":[3,"no",400000]}}\n' +
        '{"jsonrpc":"2.0","id":3,"result":5}\n',
    );
    const [one, two, three] = await Promise.all([first, second, call]);
    expect(resultsOf(one)).toEqual(['10', '2000']);
    expect(resultsOf(two)).toEqual(['3', '400000']);
    expect(two.failed).toMatchObject([{ index: 1 }]);
    expect(String(three)).toBe('5');
  });

  it('are understood in any order of their members and with any white space, in any pieces', async () => {
    const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\r'), maxLength: 3 });
    const order = fc.shuffledSubarray(['jsonrpc', 'id', 'result'] as const, { minLength: 3 });
    const splits = fc.array(fc.nat({ max: 120 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(order, space, splits, fc.boolean(), async (names, gap, cuts, failsFirst) => {
        using streams = openStreams();
        const block = streams.peer.block('f', [bytes('1,2')], 2);
        const failed = `"failed":[{"index":0,"error":{"code":-32000,"message":"no"}}]`;
        const members = failsFirst ? [failed, '"items":[2]'] : ['"items":[2]', failed];
        const values = { jsonrpc: '"2.0"', id: '1', result: `{${gap}${members.join(`${gap},`)}}` };
        const text = `${gap}{${names.map((name) => `${gap}"${name}"${gap}:${gap}${values[name]}`).join(`${gap},`)}}${gap}\n`;
        const places = [0, ...cuts.filter((at) => at < text.length).toSorted((a, b) => a - b), text.length];
        for (const [nth, end] of places.slice(1).entries()) streams.say(text.slice(places[nth], end));
        const result = await block;
        expect(resultsOf(result)).toEqual(['2']);
        expect(result.failed).toMatchObject([{ index: 0, error: { code: -32000 } }]);
      }),
    );
  });

  it('that never come are rejected oldest first when the hub closes', async () => {
    const { peer } = openStreams();
    const order: number[] = [];
    const asked = [1, 2, 3, 4].map((nth) =>
      (nth % 2 === 0 ? peer.call('f', params) : peer.block('f', [params], 1)).then(
        () => {},
        () => order.push(nth),
      ),
    );
    // Whoever asked is listening by then, so that the order is the peer's own.
    await new Promise(setImmediate);
    peer.close();
    await Promise.all(asked);
    // A call is checked once more after its answer, so it is told a moment after a block; each kind is in order.
    expect(order.filter((nth) => nth % 2 === 1)).toEqual([1, 3]);
    expect(order.filter((nth) => nth % 2 === 0)).toEqual([2, 4]);
  });

  it('may nest as deeply as the limit and no deeper', async () => {
    using streams = openStreams();
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const block = streams.peer.block('f', [bytes('1,2')], 2);
    streams.say(`{"jsonrpc":"2.0","id":1,"result":{"items":[${nested(256)},${nested(257)}]}}\n`);
    expect(resultsOf(await block)).toEqual([nested(256)]);
    const calls = [streams.peer.call('f', params), streams.peer.call('f', params)];
    streams.say(`{"jsonrpc":"2.0","id":2,"result":${nested(256)}}\n`);
    streams.say(`{"jsonrpc":"2.0","id":3,"result":${nested(257)}}\n`);
    expect(String(await calls[0])).toBe(nested(256));
    await expect(calls[1]).rejects.toMatchObject({ rpc: { code: -32001 } });
  });
});

function resultsOf({ items, count, starts, ends }: BlockResult): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(items.subarray(starts[index], ends[index])).toString(),
  );
}
