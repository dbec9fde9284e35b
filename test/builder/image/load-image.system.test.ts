import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { baseReference } from '../../../src/builder/base/base-image.ts';
import { type BegunLoad, beginLoad } from '../../../src/builder/image/begun-load.ts';
import type { ImageParts } from '../../../src/builder/image/image-archive.ts';
import { measureLayer } from '../../../src/builder/image/layer.ts';
import { loadImage } from '../../../src/builder/image/load-image.ts';
import { type ContainerEngine, connectEngine } from '../../../src/engine/index.ts';
import { labels } from '../../../src/registry/index.ts';
import { testEngine } from '../../support/engine.ts';
import { temporaryName } from '../support/built-service.ts';
import { recordedEngine } from '../support/recorded-engine.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterEach(() => void vi.unstubAllEnvs());
const patience = () => AbortSignal.timeout(60_000);

/** An image of one small layer over the base. */
async function image(): Promise<ImageParts> {
  const base = await engine.inspectImage(baseReference);
  const below = base?.layers ?? [];
  const name = temporaryName(engine);
  const layer = await measureLayer('code', [{ path: '/name', content: Buffer.from(name), mode: 0o644 }]);
  const rootfs = { type: 'layers', diff_ids: [...below, layer.diffId] };
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { [labels.name]: name } },
      rootfs,
    }),
  );
  return { reference: `nstack/${name.toLowerCase()}:1`, config, below, layers: [layer] };
}

function connectThrough(host: string): Promise<ContainerEngine> {
  vi.stubEnv('DOCKER_HOST', host);
  return connectEngine();
}

const load = (parts: ImageParts, begun: BegunLoad) =>
  loadImage(engine, parts, baseReference, { begun, signal: patience() });

describe('a load that is begun before the image is known', () => {
  it('takes it when it is there', async () => {
    const begun = beginLoad(Promise.resolve(engine), patience());
    const parts = await image();
    expect((await load(parts, begun)).layers).toEqual([...parts.below, parts.layers[0]?.diffId]);
    // What was sent is not taken back.
    begun.cancel();
    expect(await engine.inspectImage(parts.reference)).toBeDefined();
  });

  it('is begun anew where the engine lost it meanwhile', async () => {
    const { host, requests, cut } = await recordedEngine();
    const begun = beginLoad(connectThrough(host), patience());
    await expect.poll(() => requests).toContain('POST /images/load');
    cut();
    const parts = await image();
    expect(await load(parts, begun)).toMatchObject({ tags: [parts.reference] });
  });

  it('can be taken back, and leaves no connection', async () => {
    const { host, requests, open } = await recordedEngine();
    const begun = beginLoad(connectThrough(host), patience());
    await expect.poll(() => requests).toContain('POST /images/load');
    begun.cancel();
    await expect.poll(open).toBe(0);
  });
});
