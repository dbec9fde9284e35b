import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { pushService } from '../../../src/builder/push/push-service.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { findService } from '../../../src/registry/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../../stacks/support/service-folder.ts';
import { patience, testEngine } from '../../support/engine.ts';
import { registryUser, startRegistry } from '../../support/registry.ts';
import { answerOf, build, codeOf, manifestOf, temporaryName } from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

const push = (name: string, target: string) =>
  pushService(engine, name, target, { onProgress: () => {}, signal: patience() });

async function builtService(version: string, answer = '"first"') {
  const name = temporaryName(engine);
  const folder = await serviceFolder({
    'nstack.yaml': manifestOf(name, `version: ${version}`),
    'service.py': codeOf(answer),
  });
  await build(engine, folder);
  return { name, folder };
}

describe('a push', () => {
  it('takes a service to a registry, from where it runs again, and leaves no tag of its own', async () => {
    const { name, folder } = await builtService('1.0.0');
    const registry = await startRegistry({ passwords: false });
    const { reference, digest, pushed } = await push(name, `${registry}/team/services`);
    expect(pushed).toBe(true);
    expect(reference).toBe(`${registry}/team/services/${name.toLowerCase()}:1.0.0`);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await engine.inspectImage(reference)).toBeUndefined();

    const { image, imageId } = await findService(engine, name);
    await engine.removeImage(image);
    onTestFinished(() => engine.removeImage(reference));
    await engine.pullImage(reference, () => {}, patience());
    expect((await engine.inspectImage(reference))?.id).toBe(imageId);
    expect(await answerOf(engine, reference, folder)).toBe('first');
  });

  it('of the same release again has nothing to do', async () => {
    const { name } = await builtService('1.0.0');
    const registry = await startRegistry({ passwords: false });
    const first = await push(name, registry);
    expect(await push(`${name}:1.0.0`, registry)).toEqual({ ...first, pushed: false });
  });

  it('never puts another image in the place of a release', async () => {
    const { name, folder } = await builtService('1.0.0');
    const registry = await startRegistry({ passwords: false });
    const first = await push(name, registry);
    await engine.removeImage((await findService(engine, name)).image);
    await writeFiles(folder.root, { 'service.py': codeOf('"second"') });
    await build(engine, folder);
    await expect(push(name, registry)).rejects.toMatchObject({
      code: 'release-exists',
      hint: expect.stringContaining('version'),
    });
    const manifest = await fetch(`http://${registry}/v2/${name.toLowerCase()}/manifests/1.0.0`, {
      headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    });
    expect(manifest.headers.get('docker-content-digest')).toBe(first.digest);
  });

  it('replaces a snapshot', async () => {
    const { name, folder } = await builtService('1.0.0-SNAPSHOT');
    const registry = await startRegistry({ passwords: false });
    const first = await push(name, registry);
    await writeFiles(folder.root, { 'service.py': codeOf('"second"') });
    await build(engine, await readFolder(folder.root));
    const second = await push(name, registry);
    expect(second.pushed).toBe(true);
    expect(second.digest).not.toBe(first.digest);
  });

  it('logs in with what docker login keeps, and says so where nothing is kept', async () => {
    const { name } = await builtService('1.0.0');
    const registry = await startRegistry({ passwords: true });
    const docker = await temporaryFolder();
    vi.stubEnv('DOCKER_CONFIG', docker);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await expect(push(name, registry)).rejects.toMatchObject({
      code: 'permission',
      hint: expect.stringContaining('docker login'),
    });
    const auth = Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64');
    await writeFile(join(docker, 'config.json'), JSON.stringify({ auths: { [registry]: { auth } } }));
    expect(await push(name, registry)).toMatchObject({ pushed: true });
  });

  it.each(['not a registry', 'score', 'r.io/Team', '-x.io', 'r.io/a//b'])(
    'goes to no such place as %j',
    async (target) => {
      const { name } = await builtService('1.0.0-SNAPSHOT');
      await expect(push(name, target)).rejects.toMatchObject({ code: 'usage' });
    },
  );
});
