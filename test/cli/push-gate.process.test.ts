import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeImageRecord } from '../../src/builder/store/index.ts';
import { manifestFromJson, manifestToJson } from '../../src/manifest/index.ts';
import { connectRegistry, labels } from '../../src/registry/index.ts';
import { serveFake } from '../gateway/serve-fake.ts';
import { publishService } from '../registry/support/publish-service.ts';
import { patience } from '../support/engine.ts';
import * as program from '../support/nstack.ts';
import { startRegistry } from '../support/registry.ts';

const old = 'score : Text -> { n: Integer }';
const breaking = 'score : Text -> { n: Text }';

/** A registry with Clicks 1.0.0, a supervisor in memory, and a cache that knows other versions as a build leaves them; no engine. */
async function setUp() {
  const host = await startRegistry({ passwords: false });
  const registry = connectRegistry(host, { signal: patience(), env: {} });
  await publishService(registry, 'team/clicks', { name: 'Clicks', version: '1.0.0', api: old });
  const cwd = await mkdtemp(join(tmpdir(), 'nstack-gate-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const served = await serveFake();
  onTestFinished(() => served.close());
  const env = {
    XDG_CACHE_HOME: cwd,
    NSTACK_STATE: served.folder,
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
  };
  return {
    registry,
    supervisor: served.supervisor,
    async push(version: string, api: string, ...flags: string[]) {
      const manifest = manifestFromJson(JSON.stringify({ name: 'Clicks', version, stack: 'python', api }));
      const own = {
        [labels.name]: 'Clicks',
        [labels.version]: version,
        [labels.manifest]: manifestToJson(manifest),
      };
      const config = JSON.stringify({ config: { Labels: own }, rootfs: { type: 'layers', diff_ids: [] } });
      await writeImageRecord(join(cwd, 'nstack'), { name: 'Clicks', version, config });
      // An engine would be asked what the base has installed, for the bill of materials.
      const args = [
        'push',
        `--service=Clicks:${version}`,
        `--registry=${host}/team`,
        '--no-attest',
        ...flags,
      ];
      return program.nstack(args, { cwd, env });
    },
  };
}

describe('nstack push', () => {
  test('refuses a breaking change under a compatible version, and sends nothing', async () => {
    const { push, registry } = await setUp();
    const { code, stdout, stderr } = await push('1.1.0', breaking);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error: Clicks 1.1.0 breaks users of 1.0.0, which is published');
    expect(stderr).toContain('breaking    score: result.n is Text, and was Integer: Text is not Integer');
    expect(stderr).toContain('version: 2.0.0');
    expect(await registry.tags('team/clicks')).toEqual(['1.0.0']);
  });

  test('sends it under the next major version, where it is allowed, and as a snapshot', async () => {
    const { push, registry } = await setUp();
    expect((await push('2.0.0', breaking)).code).toBe(0);
    const allowed = await push('1.1.0', breaking, '--allow-breaking');
    expect(allowed).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('note: Clicks 1.1.0 breaks users of 1.0.0'),
    });
    const snapshot = await push('1.0.1-SNAPSHOT', breaking);
    expect(snapshot).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('its release would be 2.0.0'),
    });
    const tags = await registry.tags('team/clicks');
    expect(tags.toSorted()).toEqual(['1.0.0', '1.0.1-SNAPSHOT', '1.1.0', '2.0.0']);
  });

  test('warns of the workflows that the new version would break, with place and types', async () => {
    const { push, supervisor } = await setUp();
    await supervisor.start({
      name: 'totals',
      text: 'stdin -> Clicks -> stdout<{ n: Integer }>',
      file: '<workflow>',
      folder: '/',
    });
    const { code, stderr } = await push('2.0.0', breaking);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: the workflow totals (running) is none any more with Clicks 2.0.0:');
    expect(stderr).toContain('<totals>:1:');
    expect(stderr).toContain('Clicks gives { n: Text }, but the sink takes { n: Integer }');
    expect((await push('1.0.1', old)).stderr).not.toContain('warning');
  });
});
