import { type EventEmitter, getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frameAllowance } from '../../src/bridge/index.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { openStreams, type Streams } from './streams.ts';
import { bytes, openChild } from './support.ts';

const params = bytes('[]');

describe('a peer', () => {
  // Those of the code under test alone: the runner has timers of its own.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('leaves no timer and no listener behind, however its calls end', async () => {
    using streams = openStreams();
    const abort = new AbortController();
    const { signal } = abort;
    const listeners = countListeners(streams);
    const round = async (id: number) => {
      const calls = [
        streams.peer.call('f', params, { timeout: 60_000, signal }),
        streams.peer.call('f', params, { timeout: 60_000, signal }),
        streams.peer.call('f', params, { timeout: 60_000, signal }),
      ];
      expect(getEventListeners(signal, 'abort')).toHaveLength(3);
      streams.say(`{"jsonrpc":"2.0","id":${id},"result":1}\n`);
      streams.say(`{"jsonrpc":"2.0","id":${id + 1},"error":{"code":-32000,"message":"no"}}\n`);
      streams.say(`{"jsonrpc":"2.0","result":1,"id":${id + 2}}\n`);
      await Promise.allSettled(calls);
      streams.output.read();
    };
    for (let nth = 0; nth < 1_000; nth++) await round(3 * nth + 1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(countListeners(streams)).toEqual(listeners);
  });

  it('leaves none behind when its calls are cancelled, run out of time or lose their service', async () => {
    const streams = openStreams();
    const abort = new AbortController();
    const lasting = new AbortController();
    const calls = [
      streams.peer.call('f', params, { timeout: 60_000, signal: abort.signal }),
      streams.peer.call('f', params, { timeout: 5, signal: lasting.signal }),
    ];
    abort.abort();
    vi.advanceTimersByTime(5);
    await Promise.allSettled(calls);
    const lost = streams.peer.call('f', params, { timeout: 60_000, signal: lasting.signal });
    streams.input.end();
    await expect(lost).rejects.toMatchObject({ code: 'instance-died' });
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    expect(getEventListeners(lasting.signal, 'abort')).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('adds no listener for each that waits for its pipe', async () => {
    using streams = openStreams();
    const listeners = countListeners(streams);
    const block = streams.peer.block('f', [bytes(`"${'x'.repeat(500_000)}"`)], 1);
    const waiting = Array.from({ length: 100 }, () => streams.peer.drained());
    expect(streams.peer.writable).toBe(false);
    expect(countListeners(streams)).toEqual(listeners);
    streams.output.resume();
    await Promise.all(waiting);
    streams.say('{"jsonrpc":"2.0","id":1,"result":{"items":[1]}}\n');
    await block;
  });

  it('keeps no more of a flood without a line feed than a frame may have', async () => {
    await using session = await openChild('misbehaving-service');
    const limit = 1_000_000 + frameAllowance;
    collectGarbage();
    const before = process.memoryUsage();
    await expect(session.peer.call('endless', params)).rejects.toMatchObject({ code: 'protocol-breach' });
    collectGarbage();
    const after = process.memoryUsage();
    // The pipe's own buffers are twice the pieces that the frame reader kept of them, at most.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 * limit + 8_000_000);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(30_000_000);
  });
});

function countListeners({ input, output }: Streams): readonly number[] {
  const count = (emitter: EventEmitter) =>
    emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
  return [count(input), count(output)];
}
