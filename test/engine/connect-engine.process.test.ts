import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { connectEngine } from '../../src/engine/index.ts';

afterEach(() => vi.unstubAllEnvs());

// A server stands in for what a real engine cannot be made to do: be silent, break off, or die half-way.
type Answer = Parameters<typeof createServer>[1];

async function serve(answer: Answer): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const version = JSON.stringify({
  Version: '27.0.1+dfsg-2',
  KernelVersion: 'other',
  Components: [{ Name: 'Engine' }],
});

/** An engine that says who it is and answers everything else as told. */
async function engineThat(answer: NonNullable<Answer>) {
  const host = await serve((request, response) => {
    if (request.url === '/version') response.end(version);
    else answer(request, response);
  });
  vi.stubEnv('DOCKER_HOST', host);
  return { host, engine: await connectEngine() };
}

test('an engine is described by what it is and where', async () => {
  const { host, engine } = await engineThat(() => {});
  expect(engine.description).toBe(`Docker 27.0.1 at DOCKER_HOST=${host}`);
});

test('where nothing answers, the error says what was tried and what to type', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-engine-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  vi.stubEnv('DOCKER_HOST', `unix://${folder}/none.sock`);
  await expect(connectEngine()).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: `no container engine answers: tried DOCKER_HOST=unix://${folder}/none.sock (no such socket)`,
    hint: expect.stringContaining('DOCKER_HOST'),
  });
  vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:9');
  await expect(connectEngine()).rejects.toMatchObject({
    message: expect.stringContaining('nothing listens there'),
  });
});

test.each(['tcp://', '::::', 'tcp://[x]:1'])(
  'the address %s is no engine, and no defect either',
  async (host) => {
    vi.stubEnv('DOCKER_HOST', host);
    await expect(connectEngine()).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining(host),
    });
  },
);

test('what answers but is no engine is told apart', async () => {
  vi.stubEnv('DOCKER_HOST', await serve((_request, response) => response.end('<html>It works!</html>')));
  await expect(connectEngine()).rejects.toMatchObject({ code: 'engine-unavailable' });
});

test('an engine that never answers is given up after five seconds', async () => {
  vi.stubEnv('DOCKER_HOST', await serve(() => {}));
  await expect(connectEngine()).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: expect.stringContaining('no answer within 5 seconds'),
  });
});

test('waiting for an engine ends with the signal', async () => {
  const interruption = new AbortController();
  vi.stubEnv('DOCKER_HOST', await serve(() => interruption.abort(new Error('stop'))));
  await expect(connectEngine({ signal: interruption.signal })).rejects.toThrow('stop');
});

test('an engine that dies in the middle of a build is unavailable', async () => {
  const { engine } = await engineThat((_request, response) => {
    response.write('{"stream":"Step 1/2 : FROM x\\n"}\n', () => response.destroy());
  });
  const build = engine.buildImage(Readable.from([Buffer.from('tar')]), {
    buildArgs: {},
    labels: {},
    network: 'none',
    onProgress: () => {},
    signal: AbortSignal.timeout(10_000),
  });
  await expect(build).rejects.toMatchObject({ code: 'engine-unavailable' });
});

test('an engine that ends a build without an image has not built it', async () => {
  const { engine } = await engineThat((request, response) => {
    request.resume().once('end', () => response.end('{"stream":"Step 1/1 : FROM x\\n"}\n'));
  });
  const build = engine.buildImage(Readable.from([Buffer.from('tar')]), {
    buildArgs: {},
    labels: {},
    network: 'none',
    onProgress: () => {},
    signal: AbortSignal.timeout(10_000),
  });
  await expect(build).rejects.toMatchObject({
    code: 'build-failed',
    message: expect.stringContaining('without an image'),
  });
});

test('an engine that answers with half a line is unavailable', async () => {
  const { engine } = await engineThat((request, response) => {
    request.resume().once('end', () => response.end('{"stream":"Loaded'));
  });
  await expect(
    engine.loadImage(Readable.from([Buffer.from('tar')]), AbortSignal.timeout(10_000)),
  ).rejects.toMatchObject({ code: 'engine-unavailable', message: expect.stringContaining('broke off') });
});

test('a failure inside the engine is no answer about the image', async () => {
  const { engine } = await engineThat((_request, response) => {
    response
      .writeHead(500, { 'content-type': 'application/json' })
      .end('{"message":"no space left on device"}');
  });
  await expect(engine.inspectImage('nstack/x:1')).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: 'the container engine could not inspect the image nstack/x:1: no space left on device',
  });
});
