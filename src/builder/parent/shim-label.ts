import packageJson from '../../../package.json' with { type: 'json' };
import type { ImageInfo } from '../../engine/index.ts';
import { compareVersions } from '../../registry/index.ts';
import type { Layer } from '../image/layer.ts';

/** On images: the version of nstack that built it and the diff id of the shim's layer, a blank between them. Haskell programs hold their shim. */
const shimLabel = 'io.nstack.shim';

/** The label of an image with these layers. */
export function shimLabels(layers: readonly Layer[]): Readonly<Record<string, string>> {
  const diffId = layers.find(({ name }) => name === 'shim')?.diffId;
  return diffId === undefined ? {} : { [shimLabel]: `${packageJson.version} ${diffId}` };
}

/** The layers that an image has to add to its parent's: the very same shim is there already. */
export function beyondParent(layers: readonly Layer[], parent: ImageInfo | undefined): readonly Layer[] {
  const [, there] = parent?.labels[shimLabel]?.split(' ') ?? [];
  return layers.filter(({ name, diffId }) => name !== 'shim' || diffId !== there);
}

/** The two versions of nstack where the one that built the image is newer than this. */
export function builtByNewer({
  labels,
}: ImageInfo): { readonly theirs: string; readonly ours: string } | undefined {
  const [theirs = ''] = labels[shimLabel]?.split(' ') ?? [];
  const { version: ours } = packageJson;
  return compareVersions(theirs, ours) > 0 ? { theirs, ours } : undefined;
}
