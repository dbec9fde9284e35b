import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { pushService } from '../../../src/builder/push/push-service.ts';
import { NstackError } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { connectRegistry, findService, readImage } from '../../../src/registry/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../../stacks/support/service-folder.ts';
import { startCountingProxy } from '../../support/counting-proxy.ts';
import { patience, testEngine } from '../../support/engine.ts';
import { registryUser, startRegistry } from '../../support/registry.ts';
import { answerOf, build, codeOf, manifestOf, temporaryName } from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

const quiet = () => ({ onProgress: () => {}, signal: patience() });
const push = (name: string, target: string) => pushService(async () => engine, name, target, quiet());

async function noEngine(): Promise<never> {
  throw new NstackError('engine-unavailable', 'no container engine answers');
}

async function emptyDockerFolder(): Promise<string> {
  const docker = await temporaryFolder();
  vi.stubEnv('DOCKER_CONFIG', docker);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return docker;
}

async function loginTo(registry: string): Promise<void> {
  const auth = Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64');
  const config = JSON.stringify({ auths: { [registry]: { auth } } });
  await writeFile(join(await emptyDockerFolder(), 'config.json'), config);
}

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
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
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
    const docker = await emptyDockerFolder();
    await expect(push(name, registry)).rejects.toMatchObject({
      code: 'permission',
      hint: expect.stringContaining('docker login'),
    });
    const auth = Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64');
    await writeFile(join(docker, 'config.json'), JSON.stringify({ auths: { [registry]: { auth } } }));
    expect(await push(name, registry)).toMatchObject({ pushed: true });
  });

  it('that has nothing to do asks the registry once and no engine', async () => {
    const { name } = await builtService('1.0.0-SNAPSHOT');
    const proxy = await startCountingProxy(await startRegistry({ passwords: true }));
    await loginTo(proxy.address);
    const { digest } = await push(name, proxy.address);
    proxy.reset();
    const again = pushService(noEngine, `${name}:1.0.0-SNAPSHOT`, proxy.address, quiet());
    expect(await again).toMatchObject({ digest, pushed: false });
    expect(proxy.requests).toEqual([`HEAD /v2/${name.toLowerCase()}/manifests/1.0.0-SNAPSHOT`]);
  });

  it('of other code sends that code and at most 20 kB, and asks no engine', async () => {
    const { name, folder } = await builtService('1.0.0-SNAPSHOT');
    const proxy = await startCountingProxy(await startRegistry({ passwords: true }));
    await loginTo(proxy.address);
    await push(name, proxy.address);
    const code = codeOf(JSON.stringify(randomBytes(40_000).toString('base64')));
    await writeFiles(folder.root, { 'service.py': code });
    await build(engine, await readFolder(folder.root));
    proxy.reset();
    const reference = `${name}:1.0.0-SNAPSHOT`;
    expect(await pushService(noEngine, reference, proxy.address, quiet())).toMatchObject({ pushed: true });
    expect(proxy.sentBytes()).toBeLessThan(gzipSync(code).length + 20_000);
  });

  it('to another registry takes everything from the cache, and from another repository of the same one what that has', async () => {
    const { name } = await builtService('1.0.0');
    const [first, second] = [
      await startRegistry({ passwords: false }),
      await startRegistry({ passwords: false }),
    ];
    const { digest } = await push(name, first);
    const reference = `${name}:1.0.0`;
    const proxy = await startCountingProxy(second);
    expect(await pushService(noEngine, reference, proxy.address, quiet())).toMatchObject({ digest });
    proxy.reset();
    expect(await pushService(noEngine, reference, `${proxy.address}/other`, quiet())).toMatchObject({
      digest,
    });
    expect(proxy.sentBytes()).toBeLessThan(40_000);
    expect(proxy.requests.filter((request) => request.includes('mount='))).not.toEqual([]);
  });

  it('sends again what the registry has lost meanwhile', async () => {
    const { name, folder } = await builtService('1.0.0-SNAPSHOT');
    const proxy = await startCountingProxy(await startRegistry({ passwords: false }));
    await push(name, proxy.address);
    await writeFiles(folder.root, { 'service.py': codeOf('"second"') });
    await build(engine, await readFolder(folder.root));
    const repository = name.toLowerCase();
    const manifest = await fetch(`http://${proxy.address}/v2/${repository}/manifests/1.0.0-SNAPSHOT`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    });
    const { layers }: { layers: { digest: string }[] } = JSON.parse(await manifest.text());
    await fetch(`http://${proxy.address}/v2/${repository}/blobs/${layers[0]?.digest}`, { method: 'DELETE' });
    expect(await push(name, proxy.address)).toMatchObject({ pushed: true });
  });

  it('without an engine says what it needs one for', async () => {
    const registry = await startRegistry({ passwords: false });
    await expect(pushService(noEngine, 'TestNeverBuilt:1.0.0', registry, quiet())).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('the cache holds no record of TestNeverBuilt:1.0.0'),
    });
  });

  it('tells what the image is by annotations, without credentials', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'version: 1.0.0', 'description: Answers.'),
      'service.py': codeOf('"first"'),
    });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.root });
    git('init', '-q');
    git('remote', 'add', 'origin', 'https://ali:sesame@git.example.com/team/answers.git');
    git('add', '.');
    git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'first');
    await build(engine, folder);
    const registry = await startRegistry({ passwords: false });
    await push(name, registry);
    const client = connectRegistry(registry, { signal: patience() });
    const image = await readImage(client, name.toLowerCase(), '1.0.0');
    expect(image?.annotations).toMatchObject({
      'io.nstack.name': name,
      'io.nstack.version': '1.0.0',
      'io.nstack.api': expect.stringContaining('answer : () -> Text'),
      'org.opencontainers.image.title': name,
      'org.opencontainers.image.description': 'Answers.',
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}$/),
      'org.opencontainers.image.source': 'https://git.example.com/team/answers.git',
    });
  });

  it('asks whether it is accepted before it sends anything, and attaches what belongs to the image once', async () => {
    const { name } = await builtService('1.0.0');
    const proxy = await startCountingProxy(await startRegistry({ passwords: false }));
    const refused = pushService(async () => engine, name, proxy.address, {
      ...quiet(),
      async accept(service, published) {
        expect(service.name).toBe(name);
        expect(await published.versions()).toEqual([]);
        throw new NstackError('usage', 'no');
      },
    });
    await expect(refused).rejects.toMatchObject({ message: 'no' });
    expect(proxy.requests.filter((request) => !/^(HEAD|GET)/.test(request))).toEqual([]);

    const artifacts = async () => [
      {
        artifactType: 'application/a',
        mediaType: 'application/a',
        content: Buffer.from('a'),
        annotations: {},
      },
    ];
    const pushing = () => pushService(async () => engine, name, proxy.address, { ...quiet(), artifacts });
    expect(await pushing()).toMatchObject({ pushed: true, attached: 1 });
    expect(await pushing()).toMatchObject({ pushed: false, attached: 0 });
  });

  it.each(['not a registry', 'score', 'r.io/Team', '-x.io', 'r.io/a//b'])(
    'goes to no such place as %j',
    async (target) => {
      await expect(push('Score:1.0.0', target)).rejects.toMatchObject({ code: 'usage' });
    },
  );
});
