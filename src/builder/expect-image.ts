import type { ImageFile } from '../stacks/index.ts';
import type { Assembly } from './assemble.ts';
import { type BuildSubject, lockedDigest } from './build-subject.ts';
import type { ExpectedImage } from './expected-image.ts';
import { isRelease } from './up-to-date.ts';

/** What the next build of a service is expected to make. Undefined where its code is compiled, and for a release, which is built once. */
export function expectImage(
  { folder, recipe, inputs, lock }: BuildSubject,
  { reference, config }: Pick<Assembly, 'reference' | 'config'>,
  baseId: string,
): ExpectedImage | undefined {
  const { name, version } = folder.manifest;
  if (inputs.compiled !== undefined || isRelease(version)) return undefined;
  return {
    name,
    reference,
    config: JSON.parse(Buffer.from(config).toString('utf8')),
    inputs: inputs.parts,
    baseId,
    locked: lockedDigest(lock),
    layers: inputs.layers.map(({ name, diffId, size }) => {
      const files = recipe.layers.find((layer) => layer.name === name)?.files ?? [];
      return { name, diffId, size, files: name !== 'shim' && files.every(isOnDisk) ? files : undefined };
    }),
  };
}

function isOnDisk({ content }: ImageFile): boolean {
  return 'file' in content;
}
