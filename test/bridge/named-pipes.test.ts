import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type BridgePeer, createPeer } from '../../src/bridge/index.ts';
import { compileValidator } from '../../src/types/index.ts';
import { bytes } from './support.ts';

// The transport of local containers, with the service's ends of the pipes in the test's own hands.

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
let folder: string;
/** What the service would have as its stdin and stdout. */
let service: { readonly input: number; readonly output: number };
let peer: BridgePeer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-'));
  const [into, out] = [join(folder, 'in'), join(folder, 'out')];
  execFileSync('mkfifo', [into, out]);
  const input = openSync(into, O_RDONLY | O_NONBLOCK);
  const toService = openSync(into, O_WRONLY | O_NONBLOCK);
  const fromService = openSync(out, O_RDONLY | O_NONBLOCK);
  service = { input, output: openSync(out, O_WRONLY | O_NONBLOCK) };
  peer = createPeer({
    input: new Socket({ fd: fromService, readable: true, writable: false }),
    output: new Socket({ fd: toService, readable: false, writable: true }),
    results: () => compileValidator({ kind: 'json' }, 'result'),
    limits: { message: 1_000_000, depth: 256 },
    onEvent: () => {},
  });
});

afterEach(() => {
  peer.close();
  rmSync(folder, { recursive: true });
});

describe('over named pipes', () => {
  it('one write is one read of the whole frame', async () => {
    const block = peer.block('f', [bytes('1,'), bytes('2')], 2);
    const read = Buffer.alloc(1_000);
    const length = readSync(service.input, read);
    expect(read.toString('utf8', 0, length)).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"$/block","params":{"function":"f","items":[1,2]}}\n',
    );
    writeSync(service.output, '{"jsonrpc":"2.0","id":1,"result":{"items":[1,2]}}\n');
    expect((await block).count).toBe(2);
    closeSync(service.input);
    closeSync(service.output);
    expect(await peer.closed).toEqual({ kind: 'ended', message: 'closed its output' });
  });

  it('what a service answers after it has closed its input is still read', async () => {
    const first = peer.call('f', bytes('[1]'));
    closeSync(service.input);
    const second = peer.call('f', bytes('[2]'));
    second.catch(() => {});
    // The write has failed by now.
    await new Promise(setImmediate);
    expect(peer.writable).toBe(false);
    writeSync(service.output, '{"jsonrpc":"2.0","id":1,"result":"last words"}\n');
    expect(String(await first)).toBe('"last words"');
    closeSync(service.output);
    await expect(second).rejects.toMatchObject({ code: 'instance-died', message: 'closed its output' });
  });

  it('a service that has closed its input and stays is given up after a second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    closeSync(service.input);
    const call = peer.call('f', bytes('[1]'));
    call.catch(() => {});
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    vi.advanceTimersByTime(1_000);
    await expect(call).rejects.toMatchObject({
      code: 'instance-died',
      message: expect.stringContaining('takes no more input: write EPIPE'),
    });
    closeSync(service.output);
  });
});
