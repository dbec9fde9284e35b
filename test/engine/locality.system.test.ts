import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { connectEngine } from '../../src/engine/index.ts';
import { runShell, startShell, testEngine } from '../support/engine.ts';
import { docker } from '../support/nstack.ts';

let folder: string;
beforeEach(async () => {
  await testEngine();
  folder = await mkdtemp(join(tmpdir(), 'nstack-locality-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('an engine on this machine gets pipes, whatever kind of socket leads to it', async () => {
  vi.stubEnv('DOCKER_HOST', await relay());
  const engine = await connectEngine();
  const instance = await startShell(engine, 'exec cat');
  expect(JSON.parse(await docker('inspect', '--format', '{{json .Mounts}}', instance.id))).toMatchObject([
    { Destination: '/run/nstack', RW: false },
  ]);
});

test('an engine that does not see our files is served by attach, from the first instance on', async () => {
  // Hides the folder from the engine just before it looks for it.
  const hide = async () => await rename(join(folder, 'nstack'), join(folder, 'hidden'));
  vi.stubEnv('DOCKER_HOST', await relay({ on: 'POST /containers/create', once: hide }));
  const engine = await connectEngine();
  for (const word of ['first', 'second']) {
    const { output, log, code } = await runShell(
      engine,
      `echo ${word}; echo beside >&2; ls /run/nstack >&2; exit 5`,
    );
    expect({ output, code }).toEqual({ output: `${word}\n`, code: 5 });
    expect(log).toMatch(/^beside\n.*No such file/);
  }
  await engine.sweep();
  expect(await readdir(join(folder, 'nstack'))).toEqual([]);
});

/** A way to the engine over TCP. Answers its DOCKER_HOST. */
async function relay(hook?: { readonly on: string; once(): Promise<void> }): Promise<string> {
  let pending = hook;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect('/var/run/docker.sock');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.once('close', () => to.destroy());
    }
    far.pipe(near);
    near.on('data', async (chunk) => {
      near.pause();
      if (pending !== undefined && chunk.includes(pending.on)) {
        const { once } = pending;
        pending = undefined;
        await once();
      }
      far.write(chunk, () => near.resume());
    });
    near.once('end', () => far.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
