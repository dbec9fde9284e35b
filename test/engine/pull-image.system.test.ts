import { createServer, type RequestListener } from 'node:http';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { patience, temporaryTag, testEngine, tinyImage } from '../support/engine.ts';
import { docker } from '../support/nstack.ts';
import { startRegistry } from '../support/registry.ts';

const quiet = () => {};

describe('a registry', () => {
  let engine: ContainerEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });

  test('gives back the image that it holds', async () => {
    const registry = await startRegistry({ passwords: false });
    const tag = temporaryTag(engine, `${registry}/`);
    const id = await tinyImage(engine, tag, { 'io.nstack.test': 'pushed' });
    await docker('push', tag);
    await engine.removeImage(tag);
    const events: string[] = [];
    await engine.pullImage(tag, ({ kind }) => void events.push(kind), patience());
    expect(new Set(events)).toContain('text');
    expect(await engine.inspectImage(tag)).toMatchObject({ id, labels: { 'io.nstack.test': 'pushed' } });
  });

  test('with passwords gives nothing to who knows none', async () => {
    const registry = await startRegistry({ passwords: true });
    const pulling = engine.pullImage(`${registry}/nstack-test/none:1`, quiet, patience());
    await expect(pulling).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining(registry),
      hint: expect.stringContaining('password'),
    });
  });

  test('without the image that is asked for says so', async () => {
    const registry = await startRegistry({ passwords: false });
    await expect(engine.pullImage(`${registry}/nstack-test/none:1`, quiet, patience())).rejects.toMatchObject(
      {
        code: 'service-unknown',
      },
    );
  });

  test('that is not there is unavailable', async () => {
    await expect(engine.pullImage('127.0.0.1:9/nstack-test/none:1', quiet, patience())).rejects.toMatchObject(
      {
        code: 'registry-unavailable',
        hint: expect.stringContaining('127.0.0.1:9'),
      },
    );
  });

  test('that never answers is waited for until the signal says stop', async () => {
    const interruption = new AbortController();
    const registry = await serve(() => interruption.abort());
    await expect(
      engine.pullImage(`${registry}/nstack-test/slow:1`, quiet, interruption.signal),
    ).rejects.toMatchObject({ code: 'interrupted' });
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
