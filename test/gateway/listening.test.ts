import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socketPath, stateFolder } from '../../src/core/index.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { readSupervisorOptions } from '../../src/gateway/supervisor-options.ts';
import { readTcpAddress } from '../../src/gateway/tcp-address.ts';
import { createTokenCheck, readToken } from '../../src/gateway/token.ts';
import { ask } from './serve-fake.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'listen-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the folder of the state', () => {
  it('is the one that is named, else the user’s own', () => {
    expect(stateFolder({ NSTACK_STATE: '/var/lib/nstack', HOME: '/home/a' })).toBe('/var/lib/nstack');
    expect(stateFolder({ XDG_STATE_HOME: '/x', HOME: '/home/a' })).toBe('/x/nstack');
    expect(stateFolder({ XDG_STATE_HOME: 'x', HOME: '/home/a' })).toBe('/home/a/.local/state/nstack');
    expect(() => stateFolder({ NSTACK_STATE: 'here' })).toThrow('relative');
  });

  it('has a path that is short enough for a socket, or an error says so', () => {
    expect(socketPath(`/${'x'.repeat(90)}`)).toHaveLength(107);
    expect(() => socketPath(`/${'x'.repeat(91)}`)).toThrow('108 bytes');
    expect(() => socketPath(`/${'ü'.repeat(46)}`)).toThrow('takes 107');
  });
});

describe('the socket', () => {
  const gateway = () => createGateway({ routes: [], onDefect: () => {} });

  it('takes the place of one that a dead supervisor left, and follows no link', async () => {
    const path = socketPath(folder);
    await writeFile(join(folder, 'precious'), 'kept');
    await symlink(join(folder, 'precious'), path);
    const first = gateway();
    await first.listenUnix(path);
    expect((await ask(path, '/')).status).toBe(404);
    expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('kept');
    await first.close();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('of the next supervisor is left alone by one that ends', async () => {
    const path = socketPath(folder);
    const first = gateway();
    await first.listenUnix(path);
    const second = gateway();
    await second.listenUnix(path);
    await first.close();
    expect((await ask(path, '/')).status).toBe(404);
    await second.close();
  });
});

describe('an address', () => {
  it.each([
    ['7700', '127.0.0.1', 7700, true],
    ['localhost:0', '127.0.0.1', 0, true],
    ['127.0.0.1:7700', '127.0.0.1', 7700, true],
    ['[::1]:7700', '::1', 7700, true],
    ['0.0.0.0:80', '0.0.0.0', 80, false],
    ['[::]:80', '::', 80, false],
    ['192.168.0.7:80', '192.168.0.7', 80, false],
  ] as const)('%s is read', (text, host, port, loopback) => {
    expect(readTcpAddress(text)).toEqual({ host, port, loopback });
  });

  it.each([
    '',
    'x',
    'example.com:80',
    '127.0.0.1',
    '127.0.0.1:65536',
    '::1:80',
    '[::1]',
    '127.0.0.1.evil:1',
    ':80',
  ])('%j is none', (text) => expect(() => readTcpAddress(text)).toThrow('no address'));

  it('that others can reach needs a second word', () => {
    const env = { NSTACK_STATE: folder };
    expect(() => readSupervisorOptions(['--listen=0.0.0.0:7700'], env)).toThrow('other machines');
    const open = readSupervisorOptions(['--listen=0.0.0.0:7700', '--insecure-listen'], env);
    expect(open.listen?.loopback).toBe(false);
    expect(() => readSupervisorOptions(['--lisen=1'], env)).toThrow('--lisen');
  });

  it('that is taken is an error that says which', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const gateway = createGateway({ routes: [], onDefect: () => {} });
    await expect(gateway.listenTcp({ host: '127.0.0.1', port, loopback: true }, 'x')).rejects.toThrow(
      `:${port}`,
    );
    await gateway.close();
    taken.close();
  });
});

describe('the token', () => {
  it('is made once, long, and for its owner’s eyes', async () => {
    const path = join(folder, 'token');
    const token = await readToken(path);
    expect(token).toHaveLength(43);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readToken(path)).toBe(token);
    await chmod(path, 0o644);
    await expect(readToken(path)).rejects.toThrow('read by other users');
    await chmod(path, 0o600);
    await writeFile(path, '\n');
    await expect(readToken(path)).rejects.toThrow('too short');
    expect(createTokenCheck(token)(`Bearer ${token}`)).toBe(true);
    expect(createTokenCheck(token)(undefined)).toBe(false);
  });
});
