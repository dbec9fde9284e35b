import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pullService } from '../../../src/builder/pull/pull-service.ts';
import { pushService } from '../../../src/builder/push/push-service.ts';
import { NstackError } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import {
  connectRegistry,
  findService,
  imageReference,
  mediaTypes,
  readImage,
} from '../../../src/registry/index.ts';
import { serviceFolder, writeFiles } from '../../stacks/support/service-folder.ts';
import { startCountingProxy } from '../../support/counting-proxy.ts';
import { patience, testEngine } from '../../support/engine.ts';
import { startRegistry } from '../../support/registry.ts';
import {
  answerOf,
  build,
  codeOf,
  manifestOf,
  temporaryName,
  unfinishedTags,
} from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** A service in a registry, which is not here any more, and an empty cache. */
async function pushedService(version = '1.0.0') {
  const name = temporaryName(engine);
  const folder = await serviceFolder({
    'nstack.yaml': manifestOf(name, `version: ${version}`),
    'service.py': codeOf('"first"'),
  });
  await build(engine, folder);
  const registry = await startCountingProxy(await startRegistry({ passwords: false }));
  await pushService(async () => engine, `${name}:${version}`, registry.address, quiet());
  const image = imageReference(name, version);
  const { imageId } = await findService(engine, name);
  await engine.removeImage(image);
  registry.reset();
  const env = { ...process.env, XDG_CACHE_HOME: await temporaryFolder() };
  const reference = { host: registry.address, repository: name.toLowerCase(), version };
  const pull = (more: object = {}) => pullService(engine, reference, { ...quiet(), env, ...more });
  return { name, folder, registry, image, imageId, reference, env, pull };
}

const quiet = () => ({ onProgress: () => {}, signal: patience() });

describe('a pull', () => {
  it('brings a service that runs, fetches no layer that the engine has, and has nothing to do again', async () => {
    const { name, folder, registry, image, imageId, env, pull } = await pushedService();
    expect(await pull()).toMatchObject({ image, imageId, pulled: true });
    expect((await engine.inspectImage(image))?.id).toBe(imageId);
    expect(await answerOf(engine, image, folder)).toBe('first');
    expect(await unfinishedTags(engine, name)).toEqual([]);
    const kept = await readdir(join(env.XDG_CACHE_HOME, 'nstack/layers'));
    const fetched = registry.requests.filter((request) => request.includes('/blobs/'));
    const packed = kept.filter((file) => file.endsWith('.tar.gz'));
    // The config, and layers of the service's own: those of base and packages are in the engine.
    expect(fetched.length).toBe(packed.length + 1);
    expect(packed.length).toBeLessThanOrEqual(2);
    expect(kept.filter((file) => file.endsWith('.partial'))).toEqual([]);
    expect(await pull()).toMatchObject({ pulled: false });
  });

  it('takes the newest version that begins as is asked', async () => {
    const { reference, pull } = await pushedService('1.2.3');
    expect((await pull()).service.version).toBe('1.2.3');
    const part = { ...reference, version: '1.2' };
    expect((await pullService(engine, part, quiet())).service.version).toBe('1.2.3');
    await expect(pullService(engine, { ...reference, version: '1.3' }, quiet())).rejects.toMatchObject({
      code: 'service-unknown',
      hint: expect.stringContaining('1.2.3'),
    });
  });

  it('never puts another image in the place of a release', async () => {
    const { folder, image, pull } = await pushedService();
    await writeFiles(folder.root, { 'service.py': codeOf('"second"') });
    await build(engine, folder);
    const here = await engine.inspectImage(image);
    await expect(pull()).rejects.toMatchObject({
      code: 'release-exists',
      hint: expect.stringContaining(image),
    });
    expect((await engine.inspectImage(image))?.id).toBe(here?.id);
  });

  it('believes labels only where they belong to the repository', async () => {
    const { reference } = await pushedService();
    const registry = connectRegistry(reference.host, { signal: patience() });
    const held = await readImage(registry, reference.repository, '1.0.0');
    if (held === undefined) throw new Error('it is there');
    for (const blob of [held.config, ...held.layers])
      await registry.pushBlob(
        'evil',
        { ...blob, open: () => expect.unreachable() },
        { from: [reference.repository] },
      );
    await registry.putManifest('evil', '1.0.0', held.bytes, mediaTypes.manifest);
    const evil = { ...reference, repository: 'evil' };
    await expect(pullService(engine, evil, quiet())).rejects.toMatchObject({ code: 'manifest-invalid' });
  });

  it('loads nothing that is not accepted', async () => {
    const { image, imageId, pull } = await pushedService();
    const verify = async (pulled: { readonly imageId: string; readonly manifest: Uint8Array }) => {
      expect(pulled.imageId).toBe(imageId);
      expect(String(Buffer.from(pulled.manifest))).toContain(imageId);
      throw new NstackError('permission', 'not signed');
    };
    await expect(pull({ verify })).rejects.toMatchObject({ message: 'not signed' });
    expect(await engine.inspectImage(image)).toBeUndefined();
  });

  it('that is interrupted leaves nothing', async () => {
    const { name, image, env, pull } = await pushedService();
    const interrupted = new AbortController();
    const onProgress = ({ kind }: { readonly kind: string }) => {
      if (kind === 'detail') interrupted.abort(new NstackError('interrupted', 'interrupted by SIGINT'));
    };
    await expect(pull({ onProgress, signal: interrupted.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect(await engine.inspectImage(image)).toBeUndefined();
    expect(await unfinishedTags(engine, name)).toEqual([]);
    const left = await readdir(join(env.XDG_CACHE_HOME, 'nstack/layers'));
    expect(left.filter((file) => file.endsWith('.partial'))).toEqual([]);
    expect(await pull()).toMatchObject({ pulled: true });
  });
});
