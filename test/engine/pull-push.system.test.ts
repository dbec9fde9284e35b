import { createServer, type RequestListener } from 'node:http';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { patience, temporaryTag, testEngine, tinyImage } from '../support/engine.ts';
import { registryUser, startRegistry } from '../support/registry.ts';

const quiet = () => {};

describe('a registry', () => {
  let engine: ContainerEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });

  test('gets a pushed image and gives it back, the same', async () => {
    const registry = await startRegistry({ passwords: false });
    const tag = temporaryTag(engine, `${registry}/`);
    const id = await tinyImage(engine, tag, { 'io.nstack.test': 'pushed' });
    const events: string[] = [];
    const digest = await engine.pushImage(tag, undefined, ({ kind }) => void events.push(kind), patience());
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(new Set(events)).toContain('text');
    await engine.removeImage(tag);
    await engine.pullImage(tag, quiet, patience());
    expect(await engine.inspectImage(tag)).toMatchObject({ id, labels: { 'io.nstack.test': 'pushed' } });
  });

  test('with passwords takes a push from who knows one, and from nobody else', async () => {
    const registry = await startRegistry({ passwords: true });
    const tag = temporaryTag(engine, `${registry}/`);
    await tinyImage(engine, tag);
    const refused = {
      code: 'permission',
      message: expect.stringContaining(registry),
      hint: expect.stringContaining('password'),
    };
    await expect(engine.pushImage(tag, undefined, quiet, patience())).rejects.toMatchObject(refused);
    const wrong = { ...registryUser, password: 'open barley' };
    const error: unknown = await engine
      .pushImage(tag, wrong, quiet, patience())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject(refused);
    expect(String(error)).not.toContain(wrong.password);
    expect(await engine.pushImage(tag, registryUser, quiet, patience())).toMatch(/^sha256:/);
    await expect(engine.pullImage(tag, quiet, patience())).rejects.toMatchObject({ code: 'permission' });
  });

  test('without the image that is asked for says so', async () => {
    const registry = await startRegistry({ passwords: false });
    await expect(engine.pullImage(`${registry}/nstack-test/none:1`, quiet, patience())).rejects.toMatchObject(
      {
        code: 'service-unknown',
      },
    );
  });

  test('that is not there is unavailable, to push and to pull', async () => {
    const tag = temporaryTag(engine, '127.0.0.1:9/');
    await tinyImage(engine, tag);
    const unavailable = { code: 'registry-unavailable', hint: expect.stringContaining('127.0.0.1:9') };
    await expect(engine.pushImage(tag, undefined, quiet, patience())).rejects.toMatchObject(unavailable);
    await expect(engine.pullImage(tag, quiet, patience())).rejects.toMatchObject(unavailable);
  });

  test('that never answers is waited for until the signal says stop', async () => {
    const interruption = new AbortController();
    const registry = await serve(() => interruption.abort());
    await expect(
      engine.pullImage(`${registry}/nstack-test/slow:1`, quiet, interruption.signal),
    ).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('cannot be given an image that is not here', async () => {
    const registry = await startRegistry({ passwords: false });
    await expect(
      engine.pushImage(`${registry}/nstack-test/none:1`, undefined, quiet, patience()),
    ).rejects.toMatchObject({ code: 'service-unknown' });
  });
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `127.0.0.1:${address.port}`;
}
