import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registryCredentials } from '../../../src/registry/oci/registry-credentials.ts';
import { temporaryFolder } from '../../builder/support/temporary-folder.ts';

const signal = new AbortController().signal;

async function environment(config: string | object, helper = ''): Promise<NodeJS.ProcessEnv> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  const file = join(folder, 'docker-credential-test');
  await writeFile(file, `#!/bin/sh\n${helper}\n`);
  await chmod(file, 0o755);
  return { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` };
}

describe('the credentials of a registry', () => {
  it('are none where nobody has logged in', async () => {
    expect(
      await registryCredentials('r.io', signal, { DOCKER_CONFIG: await temporaryFolder() }),
    ).toBeUndefined();
    expect(
      await registryCredentials('r.io', signal, await environment({ auths: { 'other.io': {} } })),
    ).toBeUndefined();
  });

  it('are those that docker login wrote, colons in the password included', async () => {
    const auth = Buffer.from('ali:open:sesame').toString('base64');
    const env = await environment({ auths: { 'r.io:5000': { auth } } });
    expect(await registryCredentials('r.io:5000', signal, env)).toEqual({
      kind: 'password',
      username: 'ali',
      password: 'open:sesame',
    });
  });

  it('are asked of the credential helper, which gets the registry on its stdin', async () => {
    const helper =
      'read registry; test "$1" = get && printf \'{"Username":"u","Secret":"for %s"}\' "$registry"';
    const config = { credHelpers: { 'r.io': 'test' }, credsStore: 'missing' };
    expect(await registryCredentials('r.io', signal, await environment(config, helper))).toEqual({
      kind: 'password',
      username: 'u',
      password: 'for r.io',
    });
  });

  it('are none where the helper knows of none', async () => {
    const env = await environment(
      { credsStore: 'test' },
      'echo "credentials not found in native keychain"; exit 1',
    );
    expect(await registryCredentials('r.io', signal, env)).toBeUndefined();
  });

  it('may be an identity token, from the helper or in config.json', async () => {
    const helper = 'echo \'{"Username":"<token>","Secret":"x"}\'';
    const token = { kind: 'identity-token', token: 'x' };
    expect(
      await registryCredentials('r.io', signal, await environment({ credsStore: 'test' }, helper)),
    ).toEqual(token);
    const auth = Buffer.from('00000000-0000-0000-0000-000000000000:').toString('base64');
    const kept = await environment({ auths: { 'r.io': { auth, identitytoken: 'x' } } });
    expect(await registryCredentials('r.io', signal, kept)).toEqual(token);
  });

  it("are found under Docker Hub's own key, and under addresses", async () => {
    const auth = Buffer.from('ali:sesame').toString('base64');
    const login = { kind: 'password', username: 'ali', password: 'sesame' };
    const env = await environment({
      auths: { 'https://index.docker.io/v1/': { auth }, 'https://r.io/v2/': { auth } },
    });
    for (const host of ['docker.io', 'index.docker.io', 'r.io'])
      expect(await registryCredentials(host, signal, env)).toEqual(login);
    expect(await registryCredentials('o.r.io', signal, env)).toBeUndefined();
  });

  it("are asked of a helper under Docker Hub's own key", async () => {
    const helper = 'read registry; printf \'{"Username":"u","Secret":"for %s"}\' "$registry"';
    expect(
      await registryCredentials('docker.io', signal, await environment({ credsStore: 'test' }, helper)),
    ).toMatchObject({
      password: 'for https://index.docker.io/v1/',
    });
  });

  it.each([
    ['breaks', 'echo broken keychain >&2; exit 3', 'broken keychain'],

    ['says nothing of use', 'echo hello', 'docker-credential-test'],
  ])('fail with a way out where the helper %s', async (_, helper, message) => {
    const env = await environment({ credsStore: 'test' }, helper);
    await expect(registryCredentials('r.io', signal, env)).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('docker login'),
    });
  });

  it('are not asked of a helper whose name is a path', async () => {
    const env = await environment({ credsStore: '../evil' });
    await expect(registryCredentials('r.io', signal, env)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('fail where config.json is no JSON', async () => {
    await expect(registryCredentials('r.io', signal, await environment('{'))).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });
});
