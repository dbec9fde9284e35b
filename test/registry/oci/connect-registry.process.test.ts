import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/index.ts';
import { connectRegistry, type OciRegistry, type RegistryOptions } from '../../../src/registry/index.ts';
import { mediaTypes } from '../../../src/registry/oci/media-types.ts';
import { outgoing } from '../../../src/registry/oci/referrers.ts';
import { patience } from '../../support/engine.ts';
import { registryUser, startRegistry } from '../../support/registry.ts';

const user = { kind: 'password', ...registryUser } as const;

async function registryClient(options: Partial<RegistryOptions> & { passwords?: boolean } = {}) {
  const { passwords = false, ...rest } = options;
  const host = await startRegistry({ passwords });
  return connectRegistry(host, { signal: patience(), env: {}, ...rest });
}

/** An image of one layer, pushed whole; answers its manifest. */
async function pushImage(registry: OciRegistry, repository: string, tag: string, layer = randomBytes(1000)) {
  const [config, content] = [
    outgoing(Buffer.from('{"config":{}}'), mediaTypes.config),
    outgoing(layer, mediaTypes.layer),
  ];
  for (const blob of [config, content]) await registry.pushBlob(repository, blob);
  const described = [config, content].map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: described[0],
      layers: [described[1]],
    }),
  );
  const descriptor = await registry.putManifest(repository, tag, bytes, mediaTypes.manifest);
  return { descriptor, bytes };
}

describe('a registry', () => {
  it('gives back the manifest that was stored, by tag and by digest, and knows of no other', async () => {
    const registry = await registryClient();
    const { descriptor, bytes } = await pushImage(registry, 'team/score', '1.0.0');
    for (const reference of ['1.0.0', descriptor.digest]) {
      expect(await registry.resolve('team/score', reference)).toEqual(descriptor);
      expect(await registry.manifest('team/score', reference)).toEqual({ descriptor, bytes });
    }
    expect(await registry.resolve('team/score', '2.0.0')).toBeUndefined();
    expect(await registry.manifest('team/other', '1.0.0')).toBeUndefined();
  });

  it('takes a large blob in pieces and a small one at once, and gives both back', async () => {
    const registry = await registryClient();
    for (const size of [0, 1, 1000, 20_000_001]) {
      const blob = outgoing(randomBytes(size), mediaTypes.layer);
      const sent: number[] = [];
      expect(await registry.pushBlob('team/score', blob, { onSent: (bytes) => sent.push(bytes) })).toBe(
        'sent',
      );
      expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBe(size);
      const back = await buffer(await registry.blob('team/score', blob));
      expect(digestOf(back)).toBe(blob.digest);
      expect(await registry.pushBlob('team/score', blob)).toBe('was-there');
    }
  });

  it('mounts a blob that another of its repositories has, and gets it where that one has not', async () => {
    const registry = await registryClient();
    const blob = outgoing(randomBytes(1000), mediaTypes.layer);
    await registry.pushBlob('team/score', blob);
    expect(await registry.pushBlob('team/other', blob, { from: ['team/none', 'team/score'] })).toBe(
      'mounted',
    );
    const unknown = outgoing(randomBytes(1000), mediaTypes.layer);
    expect(await registry.pushBlob('team/other', unknown, { from: ['team/score'] })).toBe('sent');
    expect(await registry.hasBlob('team/other', unknown.digest)).toBe(true);
  });

  it('lists its repositories and their tags', async () => {
    const registry = await registryClient();
    await pushImage(registry, 'team/score', '1.0.0');
    await pushImage(registry, 'team/score', '1.1.0');
    await pushImage(registry, 'teams/other', '1.0.0');
    expect((await registry.tags('team/score')).toSorted()).toEqual(['1.0.0', '1.1.0']);
    expect(await registry.tags('team/none')).toEqual([]);
    expect(await registry.repositories()).toEqual(['team/score', 'teams/other']);
    expect(await registry.repositories('team')).toEqual(['team/score']);
  });

  it('keeps what is attached to an image, and finds it by its type, though it has no referrers API', async () => {
    const registry = await registryClient();
    const { descriptor } = await pushImage(registry, 'team/score', '1.0.0');
    const artifact = (type: string) => ({
      artifactType: type,
      mediaType: type,
      content: Buffer.from(`about ${type}`),
      annotations: { 'org.example.of': type },
    });
    const types = ['application/a', 'application/b', 'application/c'];
    await Promise.all(types.map((type) => registry.attach('team/score', descriptor, artifact(type))));
    const again = await registry.attach('team/score', descriptor, artifact('application/a'));
    const found = await registry.referrers('team/score', descriptor.digest);
    expect(found.map(({ artifactType }) => artifactType)).toEqual(types);
    expect(await registry.referrers('team/score', descriptor.digest, 'application/a')).toEqual([again]);
    const held = await registry.manifest('team/score', again.digest);
    const { layers, subject } = JSON.parse(Buffer.from(held?.bytes ?? []).toString('utf8'));
    expect(subject).toEqual(descriptor);
    expect(String(await buffer(await registry.blob('team/score', layers[0])))).toBe('about application/a');
    expect(await registry.referrers('team/score', digestOf(Buffer.from('none')))).toEqual([]);
  });

  it('lets in who knows the password, and tells who does not what to do', async () => {
    const registry = await registryClient({ passwords: true, credentials: user });
    await pushImage(registry, 'team/score', '1.0.0');
    const nobody = connectRegistry(registry.host, { signal: patience(), env: { DOCKER_CONFIG: '/nowhere' } });
    await expect(nobody.resolve('team/score', '1.0.0')).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining('wants to know who asks'),
      hint: `log in: docker login ${registry.host}`,
    });
    const credentials = { ...user, password: 'wrong' };
    const wrong = connectRegistry(registry.host, { signal: patience(), credentials });
    await expect(wrong.pushBlob('team/score', outgoing(Buffer.from('x'), ''))).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining('does not take the password of ali'),
    });
  });
});
