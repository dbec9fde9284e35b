import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { layerTar } from '../../../src/builder/image/layer.ts';
import { packageRoot } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import type { ImageFile } from '../../../src/stacks/index.ts';
import { testEngine } from '../../support/engine.ts';
import { hspecImage } from './support/hspec-image.ts';

let engine: ContainerEngine;
let image: string;
beforeAll(async () => {
  engine = await testEngine();
  image = await hspecImage(engine);
});

/** Runs the tests of both packages in order, and gives all that is said. */
async function testPackages(): Promise<string> {
  const lines: string[] = [];
  const files = await Promise.all([
    filesOf('templates/haskell', '/build/shim', /^(nstack\.cabal|(src|cbits|test)\/.+)$/),
    filesOf('test/fixtures/haskell-unit-tests', '/build/service', /^(?!nstack\.yaml$)/),
  ]);
  const task = {
    image,
    purpose: 'test the Haskell shim',
    command: ['sh', '/build/shim/test/run.sh', '/build/service'],
    env: { LANG: 'C.UTF-8' },
    workdir: '/build',
    files: layerTar(files.flat(), { uid: 65532, gid: 65532 }),
    outcome: '/build',
    access: { memory: 3 * 1024 ** 3, pids: 512 },
    onLine: (line: string) => void lines.push(line),
  };
  const { code } = await engine.runTask(
    task,
    (outcome) => Promise.resolve(outcome),
    AbortSignal.timeout(170_000),
  );
  const output = lines.join('\n');
  expect(code, output.slice(-20_000)).toBe(0);
  return output;
}

async function filesOf(folder: string, to: string, wanted: RegExp): Promise<readonly ImageFile[]> {
  const root = join(packageRoot(), folder);
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => wanted.test(path))
    .map((path) => ({ path: `${to}/${path}`, content: { file: join(root, path) }, mode: 0o644 }));
}

describe('the Haskell shim', () => {
  it("passes its own tests, and is a library for a service's", async () => {
    const output = await testPackages();
    const [own, authors] = [...output.matchAll(/^(\d+) examples, 0 failures$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(own).toBeGreaterThan(40);
    expect(authors).toBe(2);
  });
});
