import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ownIdentity } from '../../src/core/index.ts';
import { openPipes, type Pipes } from '../../src/engine/pipes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-pipes-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<Pipes> {
  const pipes = await openPipes(await ownIdentity());
  onTestFinished(() => pipes.close());
  for (const socket of [pipes.input, pipes.output]) socket.on('error', () => {});
  return pipes;
}

/** What runs in a container: a program that has the pipes as stdin and stdout. */
function serve(pipes: Pipes, script: string) {
  const command = `exec sh -c "$1" <${pipes.folder}/in >${pipes.folder}/out`;
  return spawn('sh', ['-c', command, 'sh', script], { stdio: 'ignore' });
}

test('pipes can be entered by this user alone, and opened by every user in the container they are mounted in', async () => {
  const pipes = await open();
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await mode(join(folder, 'nstack'))).toBe('700');
  expect(await mode(pipes.folder)).toBe('711');
  expect(await mode(join(pipes.folder, 'in'))).toBe('666');
  expect((await lstat(join(pipes.folder, 'out'))).isFIFO()).toBe(true);
});

test('bytes go both ways, and more than a pipe holds', async () => {
  const pipes = await open();
  serve(pipes, 'exec cat');
  const bytes = 'x'.repeat(1_000_000);
  const answer = text(pipes.output);
  pipes.input.end(bytes);
  await once(pipes.input, 'close');
  pipes.settled();
  expect((await answer).length).toBe(bytes.length);
});

test('nothing ends before the service has come', async () => {
  const pipes = await open();
  let ended = false;
  pipes.output.on('end', () => {
    ended = true;
  });
  pipes.input.write('early\n');
  const answer = once(pipes.output, 'data');
  // It starts, ends and starts again: only the last one answers.
  await once(serve(pipes, 'exit 0'), 'exit');
  await once(serve(pipes, 'read line; echo "$line"'), 'exit');
  expect(String((await answer)[0])).toBe('early\n');
  expect(ended).toBe(false);
});

test('once settled, the death of the service is the end of output and fails the next write', async () => {
  const pipes = await open();
  const child = serve(pipes, 'echo ready; exec sleep 1000');
  await once(pipes.output, 'data');
  pipes.settled();
  pipes.output.resume();
  // The kernel closes the files of a dead process one after the other, in no order that it promises.
  const over = Promise.all([once(pipes.output, 'end'), once(child, 'exit')]);
  child.kill('SIGKILL');
  await over;
  const failure = new Promise((resolve) => pipes.input.once('error', resolve));
  pipes.input.write('anyone?\n');
  expect(await failure).toMatchObject({ code: 'EPIPE' });
});

test('closing twice is fine, and leaves no folder and no open file', async () => {
  const before = (await readdir('/proc/self/fd')).length;
  const pipes = await open();
  await Promise.all([once(pipes.input, 'close'), once(pipes.output, 'close'), pipes.close()]);
  await pipes.close();
  expect(await readdir(join(folder, 'nstack'))).toEqual([]);
  await expect.poll(async () => (await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before);
});

test.each([
  ['is open to others', (path: string) => mkdir(path).then(() => chmod(path, 0o777))],
  ['is a link', (path: string) => symlink(tmpdir(), path)],
])('a runtime folder that %s is refused', async (_, make) => {
  await make(join(folder, 'nstack'));
  await expect(openPipes('owner')).rejects.toMatchObject({
    code: 'permission',
    hint: expect.stringContaining('ls -ld'),
  });
});
