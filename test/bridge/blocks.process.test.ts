import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBlock, readQuickBlock } from '../../src/bridge/block-answer.ts';
import type { BlockResult } from '../../src/bridge/index.ts';
import { skipValue } from '../../src/bridge/skip-value.ts';
import { compileValidator, type Type } from '../../src/types/index.ts';
import { bytes, openChild } from './support.ts';

const record: Type = { kind: 'record', fields: [{ name: 'n', type: { kind: 'integer' } }] };

/** Each result by its offsets. */
function resultsOf({ items, count, starts, ends }: BlockResult): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(items.subarray(starts[index], ends[index])).toString(),
  );
}

function asked(count: number, type: Type = { kind: 'integer' }, messageLimit = 1_000) {
  return { count, validator: compileValidator(type, 'result'), messageLimit };
}

/** Reads a result as the end of a frame, as the quick reader wants it, and by the slow reader. */
function readBoth(result: string, count: number, type?: Type, limit?: number) {
  const frame = bytes(`{"jsonrpc":"2.0","id":7,"result":${result}}`);
  const start = 33;
  const quick = readQuickBlock(frame, start, asked(count, type, limit));
  const slow = readBlock(frame, { start, end: skipValue(frame, start) }, asked(count, type, limit));
  return { quick, slow };
}

describe('a block', () => {
  it('gives the array as the service wrote it, with the bounds of each result', async () => {
    await using session = await openChild('echo-service', { output: record });
    const result = await session.peer.block(
      'echo',
      [bytes('{"n":1},{"n"'), bytes(':22}'), bytes(',{ "n" : 3 }')],
      3,
    );
    expect(String(result.items)).toBe('[{"n":1},{"n":22},{ "n" : 3 }]');
    expect(resultsOf(result)).toEqual(['{"n":1}', '{"n":22}', '{ "n" : 3 }']);
    expect(result.failed).toEqual([]);
  });

  it('cuts out results that do not fit and lists them as failed', async () => {
    await using session = await openChild('echo-service', { output: record });
    const result = await session.peer.block('echo', [bytes('{"n":1},{"n":"2"},{"n":3},{"n":4,"more":5}')], 4);
    expect(String(result.items)).toBe('[{"n":1},{"n":3}]');
    expect(resultsOf(result)).toEqual(['{"n":1}', '{"n":3}']);
    expect(result.failed).toMatchObject([
      {
        index: 1,
        error: {
          code: -32001,
          message: expect.stringContaining('the result does not fit'),
          data: { path: '$.n' },
        },
      },
      { index: 3, error: { code: -32001 } },
    ]);
  });

  it.each([
    ['nested 257 deep', `${'['.repeat(257)}${']'.repeat(257)}`],
    ['of 1,001 digits', '7'.repeat(1_001)],
    ['with half of a surrogate pair', '"\\ud800"'],
    ['beyond the largest double', '1e400'],
  ])('fails the one result %s and no other', async (_, value) => {
    await using session = await openChild('echo-service');
    const result = await session.peer.block('echo', [bytes(`1,${value},3`)], 3);
    expect(String(result.items)).toBe('[1,3]');
    expect(result.failed).toMatchObject([{ index: 1, error: { code: -32001 } }]);
    expect(String((await session.peer.block('echo', [bytes('4')], 1)).items)).toBe('[4]');
  });

  it('fails the one result that is longer than a message may be', async () => {
    await using session = await openChild('echo-service', { messageLimit: 10 });
    const result = await session.peer.block('echo', [bytes('"12345678","123456789"')], 2);
    expect(String(result.items)).toBe('["12345678"]');
    expect(result.failed).toMatchObject([{ index: 1, error: { code: -32005 } }]);
  });

  it('keeps many blocks apart and in order', async () => {
    await using session = await openChild('echo-service');
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, nth) =>
        session.peer.block('echo', [bytes(Array.from({ length: nth + 1 }, () => nth).join(','))], nth + 1),
      ),
    );
    answers.forEach((answer, nth) => {
      expect(resultsOf(answer)).toEqual(Array.from({ length: nth + 1 }, () => String(nth)));
    });
  });

  it('may be larger than a pipe and a message', async () => {
    await using session = await openChild('echo-service');
    const item = `"${'x'.repeat(9_998)}"`;
    const result = await session.peer.block(
      'echo',
      [bytes(Array.from({ length: 300 }, () => item).join(','))],
      300,
    );
    expect(result.count).toBe(300);
    expect(new Set(resultsOf(result))).toEqual(new Set([item]));
  });
});

describe('the answer to a block', () => {
  const failure = (index: number) => `{"index":${index},"error":{"code":-32000,"message":"no"}}`;

  it('puts misfits among the failures by their place in the block', () => {
    const { quick, slow } = readBoth(`{"items":[1,"x",3,"y"],"failed":[${failure(0)},${failure(3)}]}`, 6);
    expect(quick).toEqual(slow);
    expect(quick).toMatchObject({
      count: 2,
      failed: [{ index: 0 }, { index: 2 }, { index: 3 }, { index: 5 }],
    });
  });

  it('may be empty when everything failed', () => {
    const { quick } = readBoth(`{"items":[],"failed":[${failure(0)},${failure(1)}]}`, 2);
    expect(quick).toMatchObject({ count: 0, failed: [{ index: 0 }, { index: 1 }] });
  });

  it('is the same in any order and with any white space', () => {
    const written = readBoth(` { "failed" : [ ${failure(1)} ] , "items" : [ 1 , 2 ] } `, 3);
    expect(written.quick).toBeUndefined();
    const shown = readBoth(`{"items":[1,2],"failed":[${failure(1)}]}`, 3);
    expect(shown.quick).toMatchObject({ count: 2, failed: [{ index: 1 }] });
    if (typeof written.slow === 'string') throw new Error(written.slow);
    expect(resultsOf(written.slow)).toEqual(['1', '2']);
    expect(written.slow.failed).toHaveLength(1);
  });

  it('is left to the slow reader where anything follows the failures', () => {
    for (const rest of [',"x":1', ',"items":[9]', '},"y":{"z":1'])
      expect(readBoth(`{"items":[1],"failed":[]${rest}}`, 1).quick).toBeUndefined();
  });

  it('reads the same whichever reader takes it', () => {
    const item = fc.oneof(fc.integer().map(String), fc.constantFrom('"x"', 'null', '1.5', '{"a":[1]}'));
    fc.assert(
      fc.property(fc.array(item), fc.array(fc.boolean(), { maxLength: 5 }), (items, places) => {
        const failed = places.flatMap((fails, index) => (fails ? [failure(index)] : []));
        const text = `{"items":[${items.join(',')}],"failed":[${failed.join(',')}]}`;
        const count = items.length + failed.length;
        if (places.lastIndexOf(true) >= count) return;
        const { quick, slow } = readBoth(text, count, undefined, 6);
        expect(quick).toEqual(slow);
        if (typeof quick === 'string' || quick === undefined) throw new Error('the answer is right');
        expect(quick.count + quick.failed.length).toBe(count);
        expect(resultsOf(quick)).toEqual(
          items.filter((one) => /^-?[0-9]{1,6}$/.test(one) && one.length <= 6),
        );
        expect(JSON.parse(String(quick.items))).toHaveLength(quick.count);
      }),
    );
  });
});

describe('back pressure', () => {
  it('is seen while the service does not read, and ends when it has read', async () => {
    await using session = await openChild('deaf-service');
    const { peer } = session;
    expect(peer.writable).toBe(true);
    const large = bytes(`"${'x'.repeat(500_000)}"`);
    const blocks = [peer.block('echo', [large], 1), peer.block('echo', [large], 1)];
    expect(peer.writable).toBe(false);
    let drained = false;
    const waiting = peer.drained().then(() => {
      drained = true;
    });
    await new Promise(setImmediate);
    expect(drained).toBe(false);
    session.signal('SIGUSR2');
    await waiting;
    expect(peer.writable).toBe(true);
    for (const { count } of await Promise.all(blocks)) expect(count).toBe(1);
  });

  it('ends too when the service does', async () => {
    await using session = await openChild('deaf-service');
    const block = session.peer.block('echo', [bytes(`"${'x'.repeat(500_000)}"`)], 1).catch(() => {});
    const waiting = session.peer.drained();
    session.kill();
    await waiting;
    await block;
    expect(session.peer.writable).toBe(false);
  });
});
