import { describe, expect, it } from 'vitest';
import { readInitializeResult } from '../../src/bridge/initialize-result.ts';
import { openStreams } from './streams.ts';
import { initializeParams } from './support.ts';

const shim = { name: 'nstack-python', version: '0.1.0', language: 'python' };

describe('the answer to initialize', () => {
  it('says what the shim is; what a later version adds is left out', () => {
    expect(readInitializeResult({ protocol: 1, shim: { ...shim, more: 1 }, more: [2] })).toEqual({
      protocol: 1,
      shim,
      stopsAtFailure: false,
    });
  });

  it('says whether blocks stop at a failure', () => {
    for (const stopsAtFailure of [true, false, 1, null]) {
      const result = readInitializeResult({ protocol: 1, shim, stopsAtFailure });
      expect(result).toMatchObject({ stopsAtFailure: stopsAtFailure === true });
    }
  });

  it.each([
    ['is null', null],
    ['is a number', 1],
    ['is a list', [1, shim]],
    ['has no version', { shim }],
    ['has a version that is a text', { protocol: '1', shim }],
  ])('is refused where it %s', (_, result) => {
    expect(readInitializeResult(result)).toMatch(
      /^answered initialize without the version of its protocol: /,
    );
  });

  it.each([
    ['no shim', { protocol: 1 }],
    ['a shim that is null', { protocol: 1, shim: null }],
    ['a shim without a name', { protocol: 1, shim: { ...shim, name: undefined } }],
    ['a shim whose version is a number', { protocol: 1, shim: { ...shim, version: 1 } }],
    ['a shim without a language', { protocol: 1, shim: { ...shim, language: undefined } }],
  ])('is refused where it has %s', (_, result) => {
    expect(readInitializeResult(result)).toMatch(
      /^answered initialize without the name, version and language of its shim: \{/,
    );
  });

  it.each([0, 2, 1.5, -1])('is refused where it speaks version %s', (protocol) => {
    expect(readInitializeResult({ protocol, shim })).toBe(
      `speaks version ${protocol} of the bridge protocol, and this nstack speaks version 1`,
    );
  });

  it('ends the peer where it is refused', async () => {
    using streams = openStreams();
    const handshake = streams.peer.initialize(initializeParams(), { timeout: 15_000 });
    streams.say('{"jsonrpc":"2.0","id":1,"result":{"protocol":1,"shim":"python"}}\n');
    await expect(handshake).rejects.toMatchObject({
      code: 'protocol-breach',
      message: expect.stringContaining('{"protocol":1,"shim":"python"}'),
    });
    expect(await streams.peer.closed).toMatchObject({ kind: 'breach' });
  });

  it('that is an error fails the start with it, and the peer lives', async () => {
    using streams = openStreams();
    const handshake = streams.peer.initialize(initializeParams(), { timeout: 15_000 });
    streams.say(
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"ImportError: no","data":{"stack":"s"}}}\n',
    );
    await expect(handshake).rejects.toMatchObject({
      name: 'CallError',
      rpc: { code: -32000, message: 'ImportError: no', data: { stack: 's' } },
    });
    expect(streams.peer.writable).toBe(true);
  });
});
