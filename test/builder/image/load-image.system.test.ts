import { Readable } from 'node:stream';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { baseReference } from '../../../src/builder/base/base-image.ts';
import {
  type BegunLoad,
  beginLoad,
  beginLoadAtOnce,
  type LoadFunction,
} from '../../../src/builder/image/begun-load.ts';
import type { ImageParts } from '../../../src/builder/image/image-archive.ts';
import { measureLayer } from '../../../src/builder/image/layer.ts';
import { loadImage } from '../../../src/builder/image/load-image.ts';
import { type ContainerEngine, connectEngine } from '../../../src/engine/index.ts';
import { loadImageAtOnce } from '../../../src/engine/load-at-once.ts';
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

/** Both ways of sending the request: by a connected engine, and before one is connected to. */
const ways = [
  ['by an engine', () => connectEngine().then((connected) => connected.loadImage)],
  ['at once', async () => loadImageAtOnce],
] as const;

async function beginThrough(host: string, way: () => Promise<LoadFunction>): Promise<BegunLoad> {
  vi.stubEnv('DOCKER_HOST', host);
  return beginLoad(await way(), patience());
}

const load = (parts: ImageParts, begun: BegunLoad) =>
  loadImage(engine, parts, baseReference, { begun, signal: patience() });

describe.each(ways)('a load that is begun before the image is known, %s,', (_, way) => {
  it('takes it when it is there', async () => {
    const begun = beginLoad(await way(), patience());
    const parts = await image();
    expect((await load(parts, begun)).layers).toEqual([...parts.below, parts.layers[0]?.diffId]);
    // What was sent is not taken back.
    begun.cancel();
    expect(await engine.inspectImage(parts.reference)).toBeDefined();
  });

  it('is begun anew where the engine lost it meanwhile', async () => {
    const { host, requests, cut } = await recordedEngine();
    const begun = await beginThrough(host, way);
    await expect.poll(() => requests).toContain('POST /images/load');
    cut();
    const parts = await image();
    expect(await load(parts, begun)).toMatchObject({ tags: [parts.reference] });
  });

  it('can be taken back, and leaves no connection', async () => {
    const { host, requests, open } = await recordedEngine();
    const begun = await beginThrough(host, way);
    await expect.poll(() => requests).toContain('POST /images/load');
    begun.cancel();
    await expect.poll(open).toBe(0);
  });

  it('fails as the engine says where it is no image', async () => {
    const request = (await way())(Readable.from([Buffer.alloc(1024, 'x')]), patience());
    await expect(request).rejects.toMatchObject({ code: 'build-failed' });
  });
});

it('a load that cannot be begun at once is begun by the engine', async () => {
  const parts = await image();
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  const begun = beginLoadAtOnce(patience());
  expect(await load(parts, begun)).toMatchObject({ tags: [parts.reference] });
});
