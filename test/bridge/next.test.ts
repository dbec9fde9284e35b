import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type BridgePeer, CallError, createPeer, type NextResult } from '../../src/bridge/index.ts';
import { compileValidator } from '../../src/types/index.ts';

// What a source may answer, and what it may not: the frames are written here, since no shim would write most of them.

let peer: BridgePeer;
let service: PassThrough;
let sent: PassThrough;
afterEach(() => peer.close());

function start(messageLimit = 1_000): void {
  service = new PassThrough();
  sent = new PassThrough();
  peer = createPeer({
    input: service,
    output: sent,
    results: () => compileValidator({ kind: 'integer' }, 'result'),
    limits: { message: messageLimit, depth: 256 },
    onEvent: () => {},
  });
}

/** Asks for up to four items, and has the service answer with this. */
async function answered(result: string, options: { position?: string; signal?: AbortSignal } = {}) {
  start();
  const asked = peer.next('ticks', { credit: 4, ...options });
  service.write(`{"jsonrpc":"2.0","id":1,"result":${result}}\n`);
  return asked;
}

const itemsOf = ({ items, starts, ends, count }: NextResult) =>
  Array.from({ length: count }, (_, index) =>
    Buffer.from(items.subarray(starts[index], ends[index])).toString(),
  );

describe('the items of a source', () => {
  it.each([
    '{"items":[1,2],"positions":[11,12],"end":false}',
    '{"items":[1,2],"end":false,"positions":[11,12],"failed":[]}',
    ' { "end" : false , "positions" : [ 11 , 12 ] , "items" : [ 1 , 2 ] } ',
  ])('are taken from %s', async (result) => {
    const taken = await answered(result);
    expect(itemsOf(taken)).toEqual(['1', '2']);
    expect(taken).toMatchObject({ positions: ['11', '12'], end: false, failed: [] });
  });

  it('keep their positions as they were written', async () => {
    const taken = await answered(
      '{"items":[1,2],"positions":[9007199254740993,{"a":[1.0,"]"]}],"end":false}',
    );
    expect(taken.positions).toEqual(['9007199254740993', '{"a":[1.0,"]"]}']);
  });

  it('end, with items or without', async () => {
    expect(await answered('{"items":[],"positions":[],"end":true}')).toMatchObject({ count: 0, end: true });
    expect(await answered('{"items":[1],"positions":[1],"end":true}')).toMatchObject({ count: 1, end: true });
  });

  it('lie beside those that do not fit, which are told with their bytes', async () => {
    const taken = await answered('{"items":[1,"x",3],"positions":[1,2,4],"end":false}');
    expect(itemsOf(taken)).toEqual(['1', '3']);
    expect(taken.failed).toMatchObject([{ index: 1, error: { code: -32001, data: { path: '$' } } }]);
    expect(Buffer.from(taken.failed[0]?.payload ?? []).toString()).toBe('"x"');
    expect(taken.positions).toHaveLength(3);
  });

  it('lie beside those that the service itself could not write', async () => {
    const failed = '"failed":[{"index":0,"error":{"code":-32001,"message":"NaN"}}]';
    const taken = await answered(`{"items":["x",3],"positions":[1,2,3],"end":false,${failed}}`);
    expect(itemsOf(taken)).toEqual(['3']);
    expect(
      taken.failed.map(({ index, payload }) => [index, payload && Buffer.from(payload).toString()]),
    ).toEqual([
      [0, undefined],
      [1, '"x"'],
    ]);
  });

  it('are refused one by one where they are too long or nested too deeply', async () => {
    const deep = `${'['.repeat(300)}${']'.repeat(300)}`;
    const taken = await answered(
      `{"items":[1,${'9'.repeat(1_001)},${deep}],"positions":[1,2,3],"end":false}`,
    );
    expect(itemsOf(taken)).toEqual(['1']);
    expect(taken.failed.map(({ index }) => index)).toEqual([1, 2]);
  });
});

describe('a service is ended that answers next', () => {
  it.each([
    [
      'with more than was asked for',
      '{"items":[1,2,3,4,5],"positions":[1,2,3,4,5],"end":false}',
      'for 4 items with more',
    ],
    [
      'with more items than positions',
      '{"items":[1,2,3],"positions":[1,2],"end":false}',
      '3 items, 0 failures and 2',
    ],
    [
      'with a flood of items',
      `{"items":[${'"x",'.repeat(9)}1],"positions":[1],"end":false}`,
      '0 failures and 1 positions',
    ],
    ['with nothing', '{"items":[],"positions":[],"end":false}', 'no item, and not with the end'],
    ['without an end', '{"items":[1],"positions":[1]}', 'without an end'],
    ['without positions', '{"items":[1],"end":false}', 'without an array of positions'],
    ['without items', '{"positions":[1],"end":false}', 'without an array of items'],
    ['with items that are no array', '{"items":{},"positions":[],"end":true}', 'without an array of items'],
    ['with an end that is none', '{"items":[1],"positions":[1],"end":"no"}', 'without an end'],
    ['with items twice', '{"items":[1],"items":[2],"positions":[1],"end":false}', '"items" twice'],
    [
      'with positions twice',
      '{"items":[1],"positions":[1],"positions":[2],"end":false}',
      '"positions" twice',
    ],
    ['with another member', '{"items":[1],"positions":[1],"end":false,"more":1}', 'unknown member "more"'],
    [
      'with a long position',
      `{"items":[1],"positions":["${'x'.repeat(17_000)}"],"end":false}`,
      '16384 bytes',
    ],
    [
      'with a failure beyond',
      '{"items":[1],"positions":[1,2],"end":false,"failed":[{"index":2,"error":{"code":1,"message":""}}]}',
      'index is not among them',
    ],
    ['with null', 'null', 'is no JSON object'],
  ])('%s', async (_, result, words) => {
    const asked = answered(result);
    await expect(asked).rejects.toMatchObject({
      code: 'protocol-breach',
      message: expect.stringContaining(words),
    });
    expect(await peer.closed).toMatchObject({ kind: 'breach' });
  });
});

describe('the hub', () => {
  it('writes a position as it was, and none after the first', async () => {
    start();
    void peer.next('ticks', { credit: 3, position: '1.0' }).catch(() => {});
    void peer.next('ticks', { credit: 3 }).catch(() => {});
    void peer.ack('ticks', '9007199254740993').catch(() => {});
    expect(String(sent.read()).trimEnd().split('\n')).toEqual([
      '{"jsonrpc":"2.0","id":1,"method":"next","params":[{"function":"ticks","credit":3,"position":1.0}]}',
      '{"jsonrpc":"2.0","id":2,"method":"next","params":[{"function":"ticks","credit":3}]}',
      '{"jsonrpc":"2.0","id":3,"method":"ack","params":[{"function":"ticks","position":9007199254740993}]}',
    ]);
  });

  it('gives up a next that waits, and drops what is answered all the same', async () => {
    start();
    const abort = new AbortController();
    const asked = peer.next('ticks', { credit: 3, signal: abort.signal });
    sent.read();
    abort.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(String(sent.read())).toBe('{"jsonrpc":"2.0","method":"$/cancel","params":{"id":1}}\n');
    const ack = peer.ack('ticks', '1');
    service.write('{"jsonrpc":"2.0","id":1,"result":{"items":[1],"positions":[1],"end":false}}\n');
    service.write('{"jsonrpc":"2.0","id":2,"result":null}\n');
    await ack;
  });

  it('tells a source that fails by the error of its next', async () => {
    start();
    const asked = peer.next('ticks', { credit: 3 });
    service.write('{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no more"}}\n');
    await expect(asked).rejects.toBeInstanceOf(CallError);
  });

  it('does not write a position that would end its frame', async () => {
    start();
    await expect(peer.next('ticks', { credit: 1, position: '1\n' })).rejects.toMatchObject({
      code: 'defect',
    });
    await expect(peer.ack('ticks', '1\n')).rejects.toMatchObject({ code: 'defect' });
  });
});
