import { describe, expect, it } from 'vitest';
import { bytes, openChild, startChild } from './support.ts';

// The child breaks the protocol as the name of the called function says (test/fixtures/children/misbehaving-service.mjs).

const program = 'misbehaving-service';

const calls: readonly (readonly [sentence: string, way: string, words: string])[] = [
  [
    'sends bytes that are not UTF-8',
    'notUtf8',
    'not UTF-8 at byte 35: {"jsonrpc":"2.0","id":2,"result":"h\\xe4llo"}',
  ],
  ['lets a print of user code through', 'print', 'is no JSON object: hello from user code'],
  [
    'prints in the middle of a frame',
    'printsBetween',
    'is no JSON at byte 17: {"jsonrpc":"2.0",half a frameprinted',
  ],
  ['answers with a batch', 'batch', 'is no JSON object: [{'],
  ['begins a frame with a byte order mark', 'byteOrderMark', 'byte order mark: \\xef\\xbb\\xbf{'],
  ['sends an empty line', 'emptyLine', 'an empty frame'],
  ['sends text after its answer', 'trailing', 'more text at byte 36'],
  ['sends two answers in one frame', 'twoFrames', 'more text at byte 35'],
  ['cuts its answer', 'cut', 'is no JSON at byte 34'],
  ['answers an id that it was not asked', 'unknownId', 'answered the id 4711, which it was not asked'],
  ['answers before it is asked', 'nextId', 'answered the id 3, which it was not asked'],
  ['answers without an id', 'noId', 'has no id'],
  ['answers with the id null', 'nullId', 'has the id null'],
  ['answers with an id that is a text', 'textId', 'has an id that is none of the hub'],
  ['answers with an id written in another way', 'otherId', 'has an id that is none of the hub'],
  ['answers with both a result and an error', 'both', 'has both result and error'],
  ['answers with neither a result nor an error', 'neither', 'has neither result nor error'],
  ['answers with an error that is a text', 'noError', 'an error that is no JSON-RPC error'],
  ['answers in another version of JSON-RPC', 'otherVersion', 'has no "jsonrpc": "2.0"'],
  ['smuggles a member into an answer', 'smuggledMember', 'has the unknown member "also"'],
  ['repeats a member, written with an escape', 'repeatedMember', 'has the member "result" twice'],
  ['sends a request of its own', 'request', 'is a request; a service answers and does not ask'],
  ['sends a notification outside the protocol', 'otherNotification', 'sent the notification "echo"'],
  ['logs with a level that there is not', 'badLog', 'level is none of debug, info, warn, error, critical'],
  ['sends a log line of 300,000 bytes', 'largeLog', 'a notification of more than 262144 bytes'],
];

const blocks: readonly (readonly [sentence: string, way: string, words: string])[] = [
  ['answers a block with fewer results', 'fewer', 'answered a block of 3 with 1 results and 0 failures'],
  ['answers a block with more results', 'more', 'answered a block of 3 with 5 results and 0 failures'],
  ['counts a failure as a result too', 'alsoFailed', 'answered a block of 3 with 3 results and 1 failures'],
  ['lists a failure twice', 'failedTwice', 'does not rise'],
  ['lists a failure beyond the block', 'failedBeyond', 'index is not among them'],
  ['lists a failure without an error', 'failedNothing', 'a failure without a JSON-RPC error'],
  ['answers a block without items', 'noItems', 'without an array of items'],
  ['answers a block with an array', 'noObject', 'a result that is no JSON object'],
  ['smuggles a member in beside the items', 'besideItems', 'has the unknown member "more"'],
  ['smuggles a member in beside the result of a block', 'besideResult', 'has the unknown member "result2"'],
  ['sends text after a block', 'afterBlock', 'more text at byte'],
  ['cuts the array of a block', 'cutBlock', 'is no JSON at byte'],
];

describe.concurrent('a service is ended that', () => {
  it.each(calls)('%s', async (_, way, words) => {
    await using session = await openChild(program);
    const call = session.peer.call(way, bytes('[]'));
    await expect(call).rejects.toMatchObject({ name: 'NstackError', code: 'protocol-breach' });
    const reason = await session.peer.closed;
    expect(reason).toMatchObject({ kind: 'breach', message: expect.stringContaining(words) });
  });

  it.each(blocks)('%s', async (_, way, words) => {
    await using session = await openChild(program);
    const block = session.peer.block(way, [bytes('1,2,3')], 3);
    await expect(block).rejects.toMatchObject({ name: 'NstackError', code: 'protocol-breach' });
    expect(await session.peer.closed).toMatchObject({
      kind: 'breach',
      message: expect.stringContaining(words),
    });
  });

  it('answers the same id again, after the first answer was taken', async () => {
    await using session = await openChild(program);
    expect(String(await session.peer.call('repeatedId', bytes('[]')))).toBe('1');
    expect(await session.peer.closed).toMatchObject({
      kind: 'breach',
      message: expect.stringContaining('answered the id 2 again'),
    });
  });

  it('answers before initialize was sent', async () => {
    await using session = startChild(program, { args: ['1', 'unknownId'] });
    expect(await session.peer.closed).toMatchObject({
      kind: 'breach',
      message: expect.stringContaining('the id 4711, which it was not asked'),
    });
  });

  it('never ends its frame, once it is longer than any may be', async () => {
    await using session = await openChild(program);
    const call = session.peer.call('endless', bytes('[]'));
    await expect(call).rejects.toMatchObject({ code: 'protocol-breach' });
    expect(await session.peer.closed).toMatchObject({
      message: expect.stringContaining(`more than ${1_000_000 + 16 * 1024 * 1024} bytes`),
    });
  });
});

describe('a breach', () => {
  it('rejects the request that was answered wrongly before those that were sent earlier', async () => {
    await using session = await openChild(program);
    const order: string[] = [];
    const first = session.peer.block('hang', [bytes('1')], 1).catch(() => order.push('earlier'));
    const second = session.peer.block('fewer', [bytes('1,2,3')], 3).catch(() => order.push('wrong'));
    await Promise.all([first, second]);
    expect(order).toEqual(['wrong', 'earlier']);
  });

  it('rejects what is asked afterwards', async () => {
    await using session = await openChild(program);
    await expect(session.peer.call('print', bytes('[]'))).rejects.toThrow('broke the bridge protocol');
    await expect(session.peer.call('echo', bytes('[1]'))).rejects.toMatchObject({ code: 'instance-died' });
    await expect(session.peer.block('echo', [bytes('1')], 1)).rejects.toMatchObject({
      code: 'instance-died',
    });
    expect(session.peer.writable).toBe(false);
  });
});
