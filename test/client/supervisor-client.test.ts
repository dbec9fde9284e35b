import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectSupervisor } from '../../src/client/connect-supervisor.ts';
import type { SupervisorClient } from '../../src/client/supervisor-client.ts';
import { socketPath } from '../../src/core/index.ts';
import { type Served, serveFake, token } from '../gateway/serve-fake.ts';

let served: Served;
let client: SupervisorClient;
beforeEach(async () => {
  served = await serveFake();
  client = await connectSupervisor({ env: { NSTACK_STATE: served.folder } });
});
afterEach(async () => {
  client.close();
  await served.close();
});

const workflow = {
  name: 'org/clicks',
  text: 'kafka/clicks -> Clean -> log',
  file: '<workflow>',
  folder: '/tmp',
};
const letter = { stage: 'Clean', attempts: 3, error: { code: 1, message: 'no' }, message: { json: '1' } };

describe('a client', () => {
  it('asks everything that a supervisor answers', async () => {
    expect(await client.info()).toMatchObject({ pid: process.pid });
    expect(await client.define(workflow)).toMatchObject({ state: 'defined' });
    expect(await client.start({ name: workflow.name })).toMatchObject({ state: 'running' });
    expect((await client.pause(workflow.name)).state).toBe('paused');
    expect((await client.resume(workflow.name)).state).toBe('running');
    served.supervisor.print(workflow.name, 'hello');
    expect(await client.logs(workflow.name)).toMatchObject([{ message: 'hello' }]);
    expect(await client.history(workflow.name, 1)).toMatchObject([{ event: 'running' }]);
    expect((await client.stop(workflow.name, { now: false })).state).toBe('stopped');
    expect(await client.list()).toHaveLength(1);
    expect(await client.connections()).toHaveLength(1);
    expect(await client.testConnection('kafka')).toBe('kafka answers');
    await client.remove(workflow.name);
    await expect(client.get(workflow.name)).rejects.toMatchObject({ code: 'workflow-unknown', exitCode: 1 });
  });

  it('pages through dead letters until there are none or enough', async () => {
    await client.start(workflow);
    const ids = async (options?: { after?: number; most?: number }) => {
      const found: number[] = [];
      for await (const { id } of client.deadLetters.list(workflow.name, options)) found.push(id);
      return found;
    };
    expect(await ids()).toEqual([]);
    for (let count = 0; count < 1_203; count++) served.supervisor.bury(workflow.name, letter);
    expect(await ids()).toHaveLength(1_203);
    expect(await ids({ after: 2, most: 3 })).toEqual([3, 4, 5]);
    expect(await client.deadLetters.get(workflow.name, 3)).toMatchObject(letter);
    expect(await client.deadLetters.replay(workflow.name, [1])).toEqual({ replayed: 1, failed: 0 });
    expect(await client.deadLetters.drop(workflow.name, undefined)).toBe(1_202);
  });

  it('gives the supervisor’s errors whole', async () => {
    const error = await client
      .start({ ...workflow, text: 'file/a -> wrong -> log' })
      .catch((caught) => caught);
    expect(error).toMatchObject({ name: 'NstackError', code: 'workflow-invalid' });
    expect(error.diagnostics[0].place).toMatchObject({ line: 1, column: 11 });
  });

  it('reads events until the supervisor ends in order', async () => {
    await client.start(workflow);
    const told: string[] = [];
    for await (const event of client.events({ workflow: workflow.name })) {
      told.push(event.kind === 'workflow' ? event.workflow.state : event.kind);
      if (told.length === 1) served.supervisor.print(workflow.name, 'line');
      if (told.length === 2) void served.gateway.close();
    }
    expect(told).toEqual(['running', 'log']);
  });

  it('lets go of a stream that is left', async () => {
    await client.start(workflow);
    for await (const _ of client.events()) break;
    await expect.poll(() => served.supervisor.watchers).toBe(0);
  });

  it('ends every call with the reason of its signal', async () => {
    const abort = new AbortController();
    const ended = await connectSupervisor({ env: { NSTACK_STATE: served.folder }, signal: abort.signal });
    const events = ended.events();
    const next = events.next();
    abort.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    await expect(ended.list()).rejects.toThrow('enough');
  });

  it('asks over TCP with a token', async () => {
    const env = { NSTACK_SUPERVISOR: served.url, NSTACK_TOKEN: token };
    const remote = await connectSupervisor({ env });
    expect((await remote.info()).pid).toBe(process.pid);
    remote.close();
    const wrong = await connectSupervisor({ env: { ...env, NSTACK_TOKEN: 'x' } });
    await expect(wrong.info()).rejects.toMatchObject({
      code: 'permission',
      hint: expect.stringContaining('NSTACK_TOKEN'),
    });
    wrong.close();
    await expect(connectSupervisor({ env: { NSTACK_SUPERVISOR: served.url } })).rejects.toThrow(
      'NSTACK_TOKEN',
    );
    for (const address of ['localhost:7700', 'ftp://x', 'http://x/path', 'nonsense']) {
      const asked = connectSupervisor({ env: { ...env, NSTACK_SUPERVISOR: address } });
      await expect(asked).rejects.toMatchObject({ code: 'usage' });
    }
  });
});

it('connections that a supervisor has closed meanwhile are not noticed, whatever is asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-'));
  const asked: string[] = [];
  const forgetful = createServer(({ socket, method, url }, response) => {
    // The second request of a connection finds it closed.
    if (seen.has(socket)) return void socket.destroy();
    seen.add(socket);
    asked.push(`${method} ${url}`);
    response.setHeader('content-type', 'application/json').end(method === 'GET' ? '[]' : '{}');
  });
  const seen = new WeakSet<object>();
  await new Promise<void>((resolve) => forgetful.listen(socketPath(folder), resolve));
  const client = await connectSupervisor({ env: { NSTACK_STATE: folder } });
  for (const ask of [
    () => client.list(),
    () => client.list(),
    () => client.pause('clicks'),
    () => client.list(),
  ])
    await ask();
  expect(asked.map((line) => line.split(' ')[0])).toEqual(['GET', 'GET', 'POST', 'GET']);
  client.close();
  forgetful.close();
  await rm(folder, { recursive: true });
});

describe('without a supervisor a client says so', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'client-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('and how to start one', async () => {
    const alone = await connectSupervisor({ env: { NSTACK_STATE: folder } });
    await expect(alone.list()).rejects.toMatchObject({
      code: 'supervisor-unavailable',
      exitCode: 75,
      message: expect.stringContaining(folder),
      hint: expect.stringContaining('nstack supervisor start'),
    });
  });

  it('also where something else listens', async () => {
    const other = createServer((_, response) => response.end('<html>'));
    await new Promise<void>((resolve) => other.listen(socketPath(folder), resolve));
    const misled = await connectSupervisor({ env: { NSTACK_STATE: folder } });
    await expect(misled.list()).rejects.toThrow('does not answer as a supervisor does: "<html>"');
    misled.close();
    other.close();
  });

  it('also where it goes away in the middle of a stream', async () => {
    const dying = createServer((_, response) => {
      response.write('{"kind":"removed","name":"a"}\n{"kind":');
      setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => dying.listen(socketPath(folder), resolve));
    const client = await connectSupervisor({ env: { NSTACK_STATE: folder } });
    const events = client.events();
    expect((await events.next()).value).toEqual({ kind: 'removed', name: 'a' });
    await expect(events.next()).rejects.toMatchObject({ code: 'supervisor-unavailable' });
    client.close();
    dying.close();
  });
});
