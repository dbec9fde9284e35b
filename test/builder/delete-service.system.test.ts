import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type DeleteOptions, deleteService } from '../../src/builder/delete-service.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { manifestFromJson, manifestToJson } from '../../src/manifest/index.ts';
import { imageReference, labels } from '../../src/registry/index.ts';
import { buildFrom, startShell, testEngine } from '../support/engine.ts';

let engine: ContainerEngine;
let name: string;
beforeEach(async () => {
  engine = await testEngine();
  name = `Del${randomBytes(5).toString('hex')}`;
});

/** An image with the labels of a service. */
async function service(version: string, more: { readonly name?: string; readonly parent?: string } = {}) {
  const manifest = manifestFromJson(
    JSON.stringify({ name, version, stack: 'python', api: 'score : Text -> Double', ...more }),
  );
  const tag = imageReference(manifest.name, version);
  onTestFinished(() => engine.removeImage(tag));
  await buildFrom(engine, `FROM nstack/base:trixie\nENV TEST=${randomBytes(6).toString('hex')}`, {
    tag,
    labels: {
      [labels.name]: manifest.name,
      [labels.version]: version,
      [labels.manifest]: manifestToJson(manifest),
    },
  });
  return tag;
}

const remove = (version: string, options: Partial<DeleteOptions> = {}) =>
  deleteService(engine, `${name}:${version}`, { force: false, workflowsUsing: async () => [], ...options });
const there = async (tag: string) => (await engine.inspectImage(tag)) !== undefined;

describe('a built service that is deleted', () => {
  test('is gone, and its other versions are not', async () => {
    const [old, kept] = [await service('1.0.0'), await service('1.1.0')];
    await remove('1.0.0');
    expect([await there(old), await there(kept)]).toEqual([false, true]);
    await expect(remove('1.0.0')).rejects.toMatchObject({ code: 'service-unknown' });
  });

  test('stays where a workflow uses it, unless it is forced', async () => {
    const tag = await service('1.0.0');
    const workflowsUsing = async () => ['clicks (running)'];
    await expect(remove('1.0.0', { workflowsUsing })).rejects.toMatchObject({
      code: 'usage',
      message: `${name} 1.0.0 is used by the workflow clicks (running)`,
      hint: expect.stringContaining('--force'),
    });
    expect(await there(tag)).toBe(true);
    await remove('1.0.0', { workflowsUsing, force: true });
    expect(await there(tag)).toBe(false);
  });

  test('stays where another service is built on it, by its version or as the newest', async () => {
    await service('1.0.0');
    await service('1.1.0');
    await service('1.0.0', { name: `${name}A`, parent: `${name}:1.0.0` });
    await service('1.0.0', { name: `${name}B`, parent: name });
    await expect(remove('1.0.0')).rejects.toMatchObject({
      message: `${name} 1.0.0 is the parent of ${name}A 1.0.0`,
    });
    await expect(remove('1.1.0')).rejects.toMatchObject({
      message: `${name} 1.1.0 is the parent of ${name}B 1.0.0`,
    });
  });

  test('stays where an instance of it runs, whatever is forced', async () => {
    const tag = await service('1.0.0');
    await startShell(engine, 'sleep 600', { image: tag });
    await expect(remove('1.0.0', { force: true })).rejects.toMatchObject({ code: 'usage' });
    expect(await there(tag)).toBe(true);
  });
});
