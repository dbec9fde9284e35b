import { describe, expect, test } from 'vitest';
import { freedBytes } from '../../../src/builder/gc/freed-bytes.ts';
import { unusedPackages } from '../../../src/builder/gc/unused-packages.ts';
import type { ImageInfo } from '../../../src/engine/index.ts';

function image(
  id: string,
  layers: string,
  size: number,
  labels: Readonly<Record<string, string>> = {},
): ImageInfo {
  return { id, tags: [], labels, layers: [...layers], size, created: '', config: {} };
}

const used = image('used', 'ab', 150);
const stale = image('stale', 'ac', 300);
/** A toolchain, and the packages that it stands on. */
const compiler = image('compiler', 'ade', 900);
const belowCompiler = image('belowCompiler', 'ad', 200);
const service = image('service', 'abx', 151);

describe('packages and toolchains', () => {
  const packages = [used, stale, compiler, belowCompiler];
  const unused = (uses: Readonly<Record<string, number>>) =>
    unusedPackages({ packages, services: [service], lastUse: ({ id }) => uses[id], since: 100 }).map(
      ({ id }) => id,
    );

  test('go where no service stands on them and no build has used them of late', () => {
    expect(unused({ used: 1, stale: 1, compiler: 1, belowCompiler: 1 })).toEqual([
      'stale',
      'compiler',
      'belowCompiler',
    ]);
  });

  test('stay where something that stays stands on them', () => {
    expect(unused({ used: 1, stale: 100, compiler: 100, belowCompiler: 1 })).toEqual([]);
  });

  test('stay where nobody knows when they were used', () => {
    expect(unused({ stale: 1 })).toEqual(['stale']);
  });
});

describe('what goes with an image', () => {
  test('is what it has beyond the largest image that it stands on', () => {
    expect(freedBytes(service, [image('base', 'a', 100), used, stale])).toBe(1);
    expect(freedBytes(compiler, [belowCompiler, image('base', 'a', 100)])).toBe(700);
    expect(freedBytes(compiler, [])).toBe(900);
  });

  test('is told layer by layer where its labels name them', () => {
    const layers = [...'abyz'].map((diffId, index) => ({ name: diffId, key: '', diffId, size: 10 ** index }));
    const labelled = image('labelled', 'abyz', 1_111, { 'io.nstack.layers': JSON.stringify(layers) });
    expect(freedBytes(labelled, [service, image('other', 'aby', 111)])).toBe(1_000);
  });
});
