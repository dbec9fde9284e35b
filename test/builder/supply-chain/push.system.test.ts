import { createHash, verify } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker, nstack } from '../../support/nstack.ts';
import { startRegistry } from '../../support/registry.ts';

const image = 'nstack/supply.pushed:0.0.1-SNAPSHOT';
const secret = 'hunter2-and-more-of-it';
let cwd: string;
let env: NodeJS.ProcessEnv;
const at = (...args: readonly string[]) => nstack(args, { cwd, env });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'nstack-pushed-'));
  env = {
    NSTACK_STATE: join(cwd, 'state'),
    NSTACK_CONNECTIONS: join(cwd, 'connections.yaml'),
    XDG_CACHE_HOME: join(cwd, 'cache'),
    COSIGN_PASSWORD: 'open sesame',
  };
  await writeFile(join(cwd, 'connections.yaml'), 'secrets:\n  API_KEY: { file: key }\n');
  await writeFile(join(cwd, 'key'), `${secret}\n`);
  await mkdir(join(cwd, 'service'));
  await writeFile(
    join(cwd, 'service/nstack.yaml'),
    'name: Supply.Pushed\nstack: python\nsecrets: [API_KEY]\nfiles: [data.txt]\napi: |\n  shout : Text -> Text\n',
  );
  await writeFile(join(cwd, 'service/service.py'), 'def shout(text: str) -> str:\n    return text\n');
  await writeFile(join(cwd, 'service/data.txt'), 'nothing in particular\n');
  await at('signature', 'keys');
  const built = await at('build', 'service');
  expect(built.code, built.stderr).toBe(0);
});
afterAll(async () => {
  await docker('rmi', '-f', image).catch(() => {});
  await rm(cwd, { recursive: true, force: true });
});

/** What a registry holds there, as JSON and as the text that it was. */
async function held(registry: string, what: string): Promise<{ json: never; text: string }> {
  const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json';
  const response = await fetch(`http://${registry}/v2/team/supply.pushed/${what}`, { headers: { accept } });
  expect(response.status, what).toBe(200);
  const text = await response.text();
  return { json: JSON.parse(text) as never, text };
}

describe('a push', () => {
  it('attaches a bill of materials and a provenance, once, and signs in the form that cosign reads', async () => {
    const registry = await startRegistry({ passwords: false });
    const push = () => at('push', 'service', `--registry=${registry}/team`, '--sign=nstack.key', '--json');
    const pushed = await push();
    expect(pushed.code, pushed.stderr).toBe(0);
    const { digest, reference } = JSON.parse(pushed.stdout);

    const tag = digest.replace(':', '-');
    const { manifests }: { manifests: { artifactType: string; digest: string }[] } = (
      await held(registry, `manifests/${tag}`)
    ).json;
    expect(manifests.map(({ artifactType }) => artifactType).toSorted()).toEqual([
      'application/vnd.cyclonedx+json',
      'application/vnd.in-toto+json',
    ]);

    const sbom = await at('sbom', `${registry}/team/Supply.Pushed:0.0.1-SNAPSHOT`);
    const names = JSON.parse(sbom.stdout).components.map(
      (one: { purl?: string; name: string }) => one.purl ?? one.name,
    );
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^pkg:deb\/debian\/base-files@13\S*distro=debian-13$/),
        expect.stringMatching(/^pkg:deb\/debian\/python3-msgspec@/),
        'nstack-shim-python',
      ]),
    );
    expect((await at('sbom', 'Supply.Pushed')).stdout).toBe(sbom.stdout);

    const { layers }: { layers: { digest: string; annotations: Record<string, string> }[] } = (
      await held(registry, `manifests/${tag}.sig`)
    ).json;
    const payload = (await held(registry, `blobs/${layers[0]?.digest}`)).text;
    expect(JSON.parse(payload).critical).toEqual({
      identity: { 'docker-reference': `${registry}/team/supply.pushed` },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    });
    const signature = Buffer.from(
      layers[0]?.annotations['dev.cosignproject.cosign/signature'] ?? '',
      'base64',
    );
    expect(
      verify('sha256', Buffer.from(payload), await readFile(join(cwd, 'nstack.pub'), 'utf8'), signature),
    ).toBe(true);

    const attested: { layers: { digest: string; annotations: Record<string, string> }[] } = (
      await held(registry, `manifests/${tag}.att`)
    ).json;
    const statements = await Promise.all(
      attested.layers.map(async (layer) => {
        const envelope = (await held(registry, `blobs/${layer.digest}`)).json as { payload: string };
        return JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
      }),
    );
    expect(statements.map(({ predicateType }) => predicateType)).toEqual([
      'https://cyclonedx.org/bom',
      'https://slsa.dev/provenance/v1',
    ]);
    for (const { subject } of statements)
      expect(subject[0].digest.sha256).toBe(digest.slice('sha256:'.length));
    const told = JSON.stringify(statements);
    for (const hidden of [cwd, 'open sesame', secret]) expect(told).not.toContain(hidden);

    const again = await push();
    expect(JSON.parse(again.stdout)).toMatchObject({ pushed: false, attached: 0, signed: false, digest });
    expect((await at('signature', 'verify', reference, '--key=nstack.pub')).code).toBe(0);
    expect((await at('signature', 'verify', 'Supply.Pushed', '--key=nstack.pub')).code).toBe(0);
    // On another machine, the signature comes with the image.
    const elsewhere = { ...env, NSTACK_STATE: join(cwd, 'elsewhere') };
    const verifyThere = () =>
      nstack(['signature', 'verify', 'Supply.Pushed', '--key=nstack.pub'], { cwd, env: elsewhere });
    expect((await verifyThere()).code).toBe(2);
    await nstack(['pull', reference], { cwd, env: elsewhere });
    expect((await verifyThere()).code).toBe(0);
    await at('signature', 'keys', 'other');
    const other = await at('signature', 'verify', reference, '--key=other.pub');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('other.pub');
    const config: { config: { digest: string } } = (await held(registry, `manifests/${digest}`)).json;
    expect(
      createHash('sha256')
        .update((await held(registry, `blobs/${config.config.digest}`)).text)
        .digest('hex'),
    ).toBe(config.config.digest.slice('sha256:'.length));
  });

  it('attaches nothing with --no-attest', async () => {
    const registry = await startRegistry({ passwords: false });
    const pushed = await at('push', 'service', `--registry=${registry}/team`, '--no-attest', '--json');
    expect(JSON.parse(pushed.stdout)).toMatchObject({ attached: 0, signed: false });
    const { stderr, code } = await at('sbom', `${registry}/team/Supply.Pushed`);
    expect(code).toBe(1);
    expect(stderr).toContain('no bill of materials');
  });

  it('of an image that holds a secret is refused before anything is sent, with the layer and the file', async () => {
    const registry = await startRegistry({ passwords: false });
    const encoded = Buffer.from(`key=${secret}`).toString('base64');
    await writeFile(join(cwd, 'service/data.txt'), `config: ${encoded}\n`);
    const built = await at('build', 'service');
    expect(built.code, built.stderr).toBe(0);
    const refused = await at('push', 'service', `--registry=${registry}/team`);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/holds the secret API_KEY .*data\.txt, in the layer files/);
    expect(refused.stderr).not.toContain(secret);
    const tags = await fetch(`http://${registry}/v2/team/supply.pushed/tags/list`);
    expect(tags.status).toBe(404);
  });
});
