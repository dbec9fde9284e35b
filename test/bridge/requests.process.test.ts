import { describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/bridge/index.ts';
import { bytes, openChild } from './support.ts';

const program = 'misbehaving-service';

describe('a call', () => {
  it('gives the bytes of its result as the service wrote them', async () => {
    await using session = await openChild('echo-service');
    const result = await session.peer.call('echo', bytes('[ {"big":9007199254740993, "one":1.0} ]'));
    expect(String(result).trim()).toBe('{"big":9007199254740993, "one":1.0}');
  });

  it('fails with -32001 when its result is not of the declared type', async () => {
    await using session = await openChild('echo-service', { output: { kind: 'integer' } });
    await expect(session.peer.call('echo', bytes('["12"]'))).rejects.toMatchObject({
      name: 'CallError',
      rpc: {
        code: -32001,
        message: expect.stringContaining('the result does not fit: expected Integer'),
        data: { path: '$' },
      },
    });
    expect(String(await session.peer.call('echo', bytes('[12]')))).toBe('12');
  });

  it.each([
    ['is nested 257 deep', `${'['.repeat(257)}${']'.repeat(257)}`],
    ['has 1,001 digits', '7'.repeat(1_001)],
    ['holds half of a surrogate pair', '"\\ud800"'],
    ['is beyond the largest double', '1e400'],
  ])('fails with -32001 when its result %s, and the service serves on', async (_, value) => {
    await using session = await openChild('echo-service');
    await expect(session.peer.call('echo', bytes(`[${value}]`))).rejects.toMatchObject({
      rpc: { code: -32001 },
    });
    expect(String(await session.peer.call('echo', bytes('[1]')))).toBe('1');
  });

  it('fails with -32005 when its result is longer than a message may be', async () => {
    await using session = await openChild('echo-service', { messageLimit: 100 });
    const fits = `"${'x'.repeat(98)}"`;
    expect(String(await session.peer.call('echo', bytes(`[${fits}]`)))).toBe(fits);
    const tooLong = session.peer.call('echo', bytes(`["${'x'.repeat(99)}"]`));
    await expect(tooLong).rejects.toMatchObject({ rpc: { code: -32005 } });
  });

  it('is cancelled by its time, and the late answer is dropped', async () => {
    const { peer, nextLog, ...session } = await withLogs();
    await using _ = session;
    await expect(peer.call('hang', bytes('[]'), { timeout: 50 })).rejects.toMatchObject({ code: 'timeout' });
    expect(JSON.parse(await nextLog())).toEqual({
      jsonrpc: '2.0',
      method: '$/cancel',
      params: { id: 2 },
    });
    expect(String(await peer.call('echo', bytes('[1]')))).toBe('1');
  });

  it('is cancelled by its signal', async () => {
    const { peer, nextLog, ...session } = await withLogs();
    await using _ = session;
    const abort = new AbortController();
    const call = peer.call('hang', bytes('[]'), { signal: abort.signal });
    abort.abort(new Error('the user had enough'));
    await expect(call).rejects.toThrow('the user had enough');
    expect(JSON.parse(await nextLog())).toMatchObject({ method: '$/cancel', params: { id: 2 } });
  });

  it('is never sent when its signal was aborted before', async () => {
    await using session = await openChild(program);
    const call = session.peer.call('die', bytes('[]'), { signal: AbortSignal.abort(new Error('too late')) });
    await expect(call).rejects.toThrow('too late');
    expect(String(await session.peer.call('echo', bytes('[1]')))).toBe('1');
  });

  it('has late answers dropped, once each', async () => {
    await using session = await openChild('late-service');
    const { peer } = session;
    await expect(peer.call('later', bytes('[]'), { timeout: 20 })).rejects.toMatchObject({ code: 'timeout' });
    // The service answers the given-up call first, and then this one.
    expect(String(await peer.call('echo', bytes('["on time"]')))).toBe('"on time"');
    await expect(peer.call('again', bytes('[]'))).rejects.toMatchObject({ code: 'protocol-breach' });
  });

  it('refuses arguments that would end its frame', async () => {
    await using session = await openChild(program);
    await expect(session.peer.call('echo', bytes('[1,\n2]'))).rejects.toMatchObject({ code: 'defect' });
    await expect(session.peer.block('echo', [bytes('1,\n2')], 2)).rejects.toMatchObject({ code: 'defect' });
    expect(String(await session.peer.call('echo', bytes('[1]')))).toBe('1');
  });
});

describe('notifications', () => {
  it('come as events, those that are unknown are ignored', async () => {
    await using session = await openChild('late-service');
    await session.peer.call('notify', bytes('[]'));
    expect(session.events).toEqual([
      { kind: 'log', level: 'warn', message: 'slow', fields: { ms: 12 } },
      { kind: 'log', level: 'info', message: `${'x'.repeat(16 * 1024)}`, fields: {} },
      { kind: 'metric', name: 'hits', value: 3, labels: { tier: '1' } },
    ]);
  });

  it('are taken one by one however many come, in bounded memory', async () => {
    let seen = 0;
    const enough = Promise.withResolvers<void>();
    await using session = await openChild(program, {
      onEvent: () => {
        if (++seen === 100_000) enough.resolve();
      },
    });
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    session.peer.call('endlessLogs', bytes('[]')).catch(() => {});
    await enough.promise;
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});

/** A child that logs each notification it gets. */
async function withLogs() {
  const logs: string[] = [];
  let waiting: ((line: string) => void) | undefined;
  const session = await openChild(program, {
    onEvent(event: ServiceEvent) {
      if (event.kind !== 'log') return;
      if (waiting === undefined) logs.push(event.message);
      else waiting(event.message);
    },
  });
  const nextLog = async () =>
    logs.shift() ??
    new Promise<string>((resolve) => {
      waiting = resolve;
    });
  return { ...session, nextLog };
}
