import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { type Manifest, readManifest } from '../../../src/manifest/index.ts';
import { openService } from '../../../src/registry/index.ts';
import { build, temporaryName } from '../../builder/support/built-service.ts';
import { patience, testEngine } from '../../support/engine.ts';
import { docker } from '../../support/nstack.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** The fixture, built. */
async function built(): Promise<{ readonly image: string; readonly manifest: Manifest }> {
  const root = join(packageRoot(), 'test/fixtures/services/java-parallel');
  const { manifest, file } = await readManifest(root);
  const named = { ...manifest, name: temporaryName(engine) };
  const { service } = await build(engine, { root, manifest: named, manifestFile: file });
  return { image: service.image, manifest: named };
}

async function open(changed: ContainerEngine = engine) {
  const { image, manifest } = await built();
  const service = await openService(changed, image, manifest, { parameters: {}, signal: patience() });
  onTestFinished(() => service.close());
  return service;
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('a running Java service', () => {
  it('that is @Parallel works on a whole block at once, and answers in order with errors beside', async () => {
    const { peer } = await open();
    const numbers = [0, 1, 2, 3, 4, 5, 6, 7];
    const { items, failed } = await peer.block('meet', [bytes(numbers).subarray(1, -1)], numbers.length);
    expect(JSON.parse(Buffer.from(items).toString())).toEqual(
      [0, 1, 2, 4, 5, 6, 7].map((one) => `true ${one}`),
    );
    expect(failed).toMatchObject([
      { index: 3, error: { code: -32000, message: 'java.lang.IllegalArgumentException: three is refused' } },
    ]);
  });

  it('waits for pipes that do not wait', async () => {
    const script =
      'dd iflag=nonblock oflag=nonblock count=0 2>/dev/null; exec /usr/bin/java @/nstack/java/options 3<&0 4>&1 </dev/null 1>&2';
    const { peer, instance } = await open({
      ...engine,
      startInstance: (spec, signal) =>
        engine.startInstance({ ...spec, entrypoint: ['/bin/sh', '-c', script] }, signal),
    });
    for (const descriptor of [3, 4]) {
      const info = await docker('exec', instance.id, 'cat', `/proc/1/fdinfo/${descriptor}`);
      expect(Number.parseInt(/flags:\s+(\d+)/.exec(info)?.[1] ?? '', 8) & 0o4000).toBe(0o4000);
    }
    // Longer than any pipe: each side finds it full, or empty, many times.
    const long = 'é'.repeat(4 * 1024 * 1024);
    const calls = [long, 'short', long].map((text) => peer.call('echo', bytes([text])));
    const answers = await Promise.all(calls);
    expect(answers.map((answer) => JSON.parse(Buffer.from(answer).toString()).length)).toEqual([
      long.length,
      5,
      long.length,
    ]);
  });
});
