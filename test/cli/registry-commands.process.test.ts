import { describe, expect, it } from 'vitest';
import { connectRegistry } from '../../src/registry/index.ts';
import { temporaryFolder } from '../builder/support/temporary-folder.ts';
import { publishLabels, publishService } from '../registry/support/publish-service.ts';
import { patience } from '../support/engine.ts';
import { nstack } from '../support/nstack.ts';
import { startRegistry } from '../support/registry.ts';

/** No engine answers: a registry's services are read without one. */
async function withoutEngine(...args: string[]) {
  return nstack(args, { cwd: await temporaryFolder(), env: { DOCKER_HOST: 'unix:///nowhere.sock' } });
}

async function filledRegistry(): Promise<string> {
  const host = await startRegistry({ passwords: false });
  const registry = connectRegistry(host, { signal: patience(), env: {} });
  for (const version of ['1.2.0', '1.10.0'])
    await publishService(registry, 'team/score', { name: 'Score', version, api: 'score : Text -> Double' });
  await publishService(registry, 'team/clean', {
    name: 'Clean',
    version: '0.1.0',
    api: 'clean : Text -> Text',
  });
  await publishLabels(registry, 'team/other', '1.0.0', {});
  return host;
}

describe('a registry', () => {
  it('is listed by name and version, without an engine and without what is no service', async () => {
    const registry = await filledRegistry();
    const { code, stdout, stderr } = await withoutEngine('list', `--registry=${registry}/team`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.split(/ +/).slice(0, 4).join(' '))).toEqual([
      'NAME VERSION STACK FUNCTIONS',
      'Clean 0.1.0 python clean',
      'Score 1.10.0 python score',
      'Score 1.2.0 python score',
      '',
    ]);
    const json = await withoutEngine('list', `--registry=${registry}`, '--json');
    expect(JSON.parse(json.stdout)[0]).toMatchObject({
      name: 'Clean',
      image: `${registry}/team/clean:0.1.0`,
    });
    const none = await withoutEngine('list', `--registry=${registry}/nobody`);
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no services yet') });
  });

  it('tells what a service is, in a version, the newest of a line, or the newest', async () => {
    const registry = await filledRegistry();
    for (const [reference, version] of [
      [`${registry}/team/Score:1.2.0`, '1.2.0'],
      [`${registry}/team/Score:1`, '1.10.0'],
      [`${registry}/team/Score`, '1.10.0'],
    ] as const) {
      const { code, stdout } = await withoutEngine('info', reference);
      expect(code).toBe(0);
      expect(stdout).toContain(`Score ${version} (python)`);
      expect(stdout).toContain('score : Text -> Double');
    }
    const json = await withoutEngine('info', 'Clean', `--registry=${registry}/team`, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ name: 'Clean', manifest: { name: 'Clean' } });
  });

  it('without what is asked for says what it has', async () => {
    const registry = await filledRegistry();
    const unknown = await withoutEngine('info', `${registry}/team/Score:2.0.0`);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('It has 1.2.0, 1.10.0.') });
    const other = await withoutEngine('info', `${registry}/team/other:1.0.0`);
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('no service of nstack') });
    const away = await withoutEngine('list', '--registry=127.0.0.1:9');
    expect(away).toMatchObject({ code: 75, stderr: expect.stringContaining('nothing listens') });
    const nowhere = await withoutEngine('pull', 'Score');
    expect(nowhere).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('names no service in a registry'),
    });
  });
});
