import { describe, expect, it } from 'vitest';
import { bytes, initializeParams, openChild, startChild } from './support.ts';

const program = 'misbehaving-service';

describe.concurrent('a service that ends', () => {
  it('has everything in flight rejected, blocks in the order in which they were sent', async () => {
    await using session = await openChild(program);
    const order: string[] = [];
    const asked = [
      session.peer.block('hang', [bytes('1')], 1).catch((error) => order.push(`first ${error.code}`)),
      session.peer.block('hang', [bytes('2')], 1).catch((error) => order.push(`second ${error.code}`)),
    ];
    const call = session.peer.call('hang', bytes('[]'));
    session.kill();
    await expect(call).rejects.toMatchObject({ code: 'instance-died' });
    await Promise.all(asked);
    expect(order).toEqual(['first instance-died', 'second instance-died']);
    expect(await session.peer.closed).toEqual({ kind: 'ended', message: 'closed its output' });
  });

  it('is told of when it dies at work', async () => {
    await using session = await openChild(program);
    await expect(session.peer.call('die', bytes('[]'))).rejects.toMatchObject({ code: 'instance-died' });
    expect(await session.exited).toBe(3);
  });

  it('says so when it ends in the middle of a frame', async () => {
    await using session = await openChild(program);
    await expect(session.peer.call('halfFrame', bytes('[]'))).rejects.toThrow(
      'in the middle of a frame, of which 28 bytes had come',
    );
  });

  it('is over when it closes its output and lives on', async () => {
    await using session = await openChild(program);
    await expect(session.peer.call('closeOutput', bytes('[]'))).rejects.toMatchObject({
      code: 'instance-died',
      message: 'closed its output',
    });
  });

  it('is over when it closes its input and lives on', async () => {
    await using session = await openChild(program);
    expect(String(await session.peer.call('closeInput', bytes('[]')))).toBe('1');
    await expect(session.peer.call('echo', bytes('[1]'))).rejects.toMatchObject({
      code: 'instance-died',
      message: expect.stringMatching(/^takes no more input: .*(EPIPE|ECONNRESET)/),
    });
  });

  it('has its last answer read although it takes no more requests', async () => {
    await using session = await openChild(program);
    const last = session.peer.call('answerAndDie', bytes('[]'));
    // Long enough that the pipe is still being written when the service ends.
    const large = bytes(`["${'x'.repeat(900_000)}"]`);
    const unheard = session.peer.call('echo', large).catch((error) => error.code);
    expect(String(await last)).toBe('1');
    expect(await unheard).toBe('instance-died');
  });

  it('is closed by the hub with everything in flight', async () => {
    await using session = await openChild(program);
    const call = session.peer.call('hang', bytes('[]'));
    session.peer.close();
    await expect(call).rejects.toMatchObject({ code: 'instance-died', message: 'was closed' });
    expect(await session.peer.closed).toEqual({ kind: 'closed', by: 'hub' });
  });
});

describe('the handshake', () => {
  it('answers what the shim says of itself', async () => {
    await using session = startChild(program);
    expect(await session.peer.initialize(initializeParams(), { timeout: 15_000 })).toEqual({
      protocol: 1,
      shim: { name: 'misbehaving', version: '1.0.0', language: 'node' },
      stopsAtFailure: false,
    });
  });

  it('refuses another version and names both', async () => {
    await using session = startChild(program, { args: ['2'] });
    await expect(session.peer.initialize(initializeParams(), { timeout: 15_000 })).rejects.toMatchObject({
      code: 'protocol-breach',
      message: 'speaks version 2 of the bridge protocol, and this nstack speaks version 1',
      hint: 'Build the service again with this nstack.',
    });
    expect(await session.peer.closed).toMatchObject({ kind: 'breach' });
  });

  it('has a time of its own', async () => {
    await using session = startChild('silent-service');
    await expect(session.peer.initialize(initializeParams(), { timeout: 50 })).rejects.toMatchObject({
      code: 'timeout',
      message: 'initialize: no answer within 50 ms',
    });
  });

  it('ends with the signal', async () => {
    await using session = startChild('silent-service');
    const abort = new AbortController();
    const handshake = session.peer.initialize(initializeParams(), { timeout: 15_000, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(handshake).rejects.toThrow('enough');
  });
});

describe('shutdown', () => {
  it('resolves when it is answered', async () => {
    await using session = await openChild(program);
    await session.peer.shutdown({ timeout: 15_000 });
  });

  it('resolves when the service ends instead', async () => {
    await using session = await openChild(program);
    session.kill();
    await session.peer.shutdown({ timeout: 15_000 });
    expect((await session.peer.closed).kind).toBe('ended');
  });

  it('fails when nothing comes within its time', async () => {
    await using session = startChild('silent-service');
    await expect(session.peer.shutdown({ timeout: 50 })).rejects.toMatchObject({ code: 'timeout' });
  });
});
