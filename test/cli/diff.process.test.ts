import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectRegistry } from '../../src/registry/index.ts';
import { publishLabels, publishService } from '../registry/support/publish-service.ts';
import { patience } from '../support/engine.ts';
import * as program from '../support/nstack.ts';
import { startRegistry } from '../support/registry.ts';

// Folders and a registry alone: none of it needs a container engine.
const noEngine = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

/** A folder with services in it, and a registry. */
async function setUp() {
  const host = await startRegistry({ passwords: false });
  const registry = connectRegistry(host, { signal: patience(), env: {} });
  const cwd = await mkdtemp(join(tmpdir(), 'nstack-diff-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  return {
    host,
    registry,
    nstack: (...args: string[]) => program.nstack(args, { cwd, env: noEngine }),
    folder: async (name: string, ...lines: string[]) => {
      await mkdir(join(cwd, name), { recursive: true });
      const text = ['name: Clicks', 'stack: python', ...lines].map((line) => `${line}\n`).join('');
      await writeFile(join(cwd, name, 'nstack.yaml'), text);
    },
  };
}

const api = (text: string) => `api: "score : ${text}"`;

describe('nstack diff', () => {
  test('compares two folders, and tells what breaks with its reason', async () => {
    const { nstack, folder } = await setUp();
    await folder('old', 'version: 1.0.0', api('{ a: Text, b: Text } -> { n: Integer }'));
    await folder('new', 'version: 1.1.0', api('{ a: Text } -> { n: Double, m: Text }'));
    const { code, stdout, stderr } = await nstack('diff', './old', './new');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(2)).toEqual([
      'breaking    score: result.n is Double, and was Integer: Double is not Integer',
      'compatible  score: input.b is gone (Text): where it is given it is ignored',
      'compatible  score: result.m is new (Text): readers that do not know it leave it aside',
      '',
      '1.1.0 promises to break nobody who uses 1.0.0: it would be 2.0.0',
      '',
    ]);
    expect((await nstack('diff', './old', './new', '--exit-code')).code).toBe(2);
    expect(await nstack('diff', './old', './old', '--exit-code')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing has changed'),
    });
  });

  test('compares a folder with what a registry holds, without a container engine', async () => {
    const { nstack, folder, host, registry } = await setUp();
    for (const version of ['1.0.0', '1.4.0', '2.0.0'])
      await publishService(registry, 'team/clicks', {
        name: 'Clicks',
        version,
        api: 'score : Text -> Double',
      });
    await folder('.', 'version: 1.5.0', api('Text -> Integer'));
    const { stdout } = await nstack('diff', `--registry=${host}/team`, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      before: { name: 'Clicks', version: '1.4.0', where: `${host}/team/clicks:1.4.0` },
      after: { version: '1.5.0' },
      breaking: false,
      changes: [{ severity: 'compatible', about: 'function', name: 'score' }],
    });
    const named = await nstack('diff', `${host}/team/Clicks:2.0.0`, `${host}/team/Clicks:1.0.0`);
    expect(named.stdout).toContain('nothing has changed');
    const against = await nstack('diff', `${host}/team/Clicks:1.0.0`, '--json');
    expect(JSON.parse(against.stdout)).toMatchObject({
      before: { version: '1.0.0' },
      after: { version: '1.5.0' },
    });
  });

  test('tells of packages and layers that the labels name', async () => {
    const { nstack, host, registry } = await setUp();
    const publish = (version: string, numpy: string, size: number) =>
      publishService(
        registry,
        'clicks',
        { name: 'Clicks', version, api: 'score : Text -> Double' },
        {
          'io.nstack.packages': JSON.stringify({ pip: [{ name: 'numpy', version: numpy, hashes: [] }] }),
          'io.nstack.layers': JSON.stringify([{ name: 'code', key: '', diffId: `sha256:${size}`, size }]),
        },
      );
    await publish('1.0.0', '2.2.0', 1_000);
    await publish('1.0.1', '2.3.0', 3_500);
    const { stdout } = await nstack('diff', `${host}/Clicks:1.0.0`, `${host}/Clicks:1.0.1`);
    expect(stdout.split('\n').slice(2, -1)).toEqual([
      'packages',
      '    pip:numpy 2.2.0 -> 2.3.0',
      '',
      'layers',
      '    code 1.0 kB -> 3.5 kB (+2.5 kB)',
      '    in all 1.0 kB -> 3.5 kB (+2.5 kB)',
    ]);
  });

  test('names what the registry has where it has not what is asked for', async () => {
    const { nstack, folder, host, registry } = await setUp();
    await folder('.', 'version: 1.5.0', api('Text -> Integer'));
    const none = await nstack('diff', `--registry=${host}`);
    expect(none.code).toBe(1);
    expect(none.stderr).toContain(`${host} has no version of clicks`);
    await publishService(registry, 'clicks', {
      name: 'Clicks',
      version: '2.0.0',
      api: 'score : Text -> Text',
    });
    expect((await nstack('diff', `--registry=${host}`)).stderr).toContain('It has 2.0.0');
    expect((await nstack('diff', `${host}/Clicks:1.0.0`)).stderr).toContain('It has 2.0.0.');
    await publishLabels(registry, 'other', '1.0.0', {});
    expect((await nstack('diff', `${host}/Other:1.0.0`)).stderr).toContain(
      'is an image, and no service of nstack',
    );
  });
});
