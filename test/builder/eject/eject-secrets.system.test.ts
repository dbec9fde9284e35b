import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';
import { temporaryTag, testEngine } from '../../support/engine.ts';
import { docker, nstack } from '../../support/nstack.ts';
import { codeOf, manifestOf, temporaryName } from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWithBuildKit, dockerWithBuildKit } from './support/docker-with-buildkit.ts';
import { networkArguments } from './support/network-arguments.ts';

const client = await dockerWithBuildKit();
const value = `s3cret-${randomBytes(12).toString('hex')}`;

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

describe.skipIf(client === undefined)('an ejected service with build secrets', () => {
  it('gets them by the mounts of BuildKit, and keeps none of them', async () => {
    // BuildKit does not run a step again that it has run before, and asks for no secret then: each run has steps of its own.
    const name = temporaryName(engine);
    const { root } = await serviceFolder({
      'nstack.yaml': manifestOf(
        name,
        'buildSecrets: { DEPLOY_TOKEN: [commands], deploy-key.pem: [commands] }',
        'commands:',
        `  - "cat /run/secrets/deploy-key.pem | wc -c >lengths.txt # ${name}"`,
        '  - printf %s "$DEPLOY_TOKEN" | wc -c >>lengths.txt',
      ),
      'service.py': codeOf('open("lengths.txt").read()'),
    });
    await writeFile(join(root, 'key.txt'), value);
    const to = join(await temporaryFolder(), 'image');
    const secrets = ['--secret=DEPLOY_TOKEN=env:MY_TOKEN', '--secret=deploy-key.pem=file:key.txt'];
    const ejected = await nstack(['eject', '--to', to, ...secrets], { cwd: root, env: { MY_TOKEN: value } });
    expect(ejected.code, ejected.stderr).toBe(0);
    expect(await readFile(join(to, 'README.md'), 'utf8')).toContain(
      'DOCKER_BUILDKIT=1 docker build --secret id=DEPLOY_TOKEN,env=DEPLOY_TOKEN --secret id=deploy-key.pem,src=deploy-key.pem',
    );

    const tag = temporaryTag(engine);
    const given = [...(await networkArguments(to)), '--build-arg', 'BASE=nstack/base:trixie'];
    const args = [...given, '--secret', 'id=DEPLOY_TOKEN,env=DEPLOY_TOKEN', '-t', tag, to];
    const run = (...more: readonly string[]) =>
      buildWithBuildKit(client ?? '', [...more, ...args], { DEPLOY_TOKEN: value });
    await expect(run()).rejects.toMatchObject({
      stderr: expect.stringContaining('deploy-key.pem not found'),
    });
    await run('--secret', `id=deploy-key.pem,src=${join(root, 'key.txt')}`);

    const inImage = (script: string) =>
      docker('run', '--rm', '--network=none', '--entrypoint=/bin/sh', tag, '-c', script);
    expect(await inImage('cat lengths.txt; ls /run')).toBe(`${value.length}\n${value.length}\nlock`);
    expect((await buffer(await engine.saveImage(tag))).includes(value)).toBe(false);
  }, 180_000);
});
