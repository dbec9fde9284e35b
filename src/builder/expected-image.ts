import type { ImageFile } from '../stacks/index.ts';
import type { MeasuredLayer } from './image/layer.ts';
import type { InputParts } from './input-digests.ts';

/**
 * An image that was built, and all that follows in it from the contents of its files: where only those change, the next one is expected to be the same but for them. Kept as JSON. Whoever
 * uses what comes of it sees to it that a build comes to the very same image.
 */
export interface ExpectedImage {
  /** The service's. */
  readonly name: string;
  /** The tag that the image is loaded with. */
  readonly reference: string;
  /** Its config object. */
  readonly config: ExpectedConfig;
  readonly inputs: InputParts;
  readonly baseId: string;
  /** Digest of what is locked; undefined without a lock. */
  readonly locked?: string | undefined;
  /** The service's own, from below. */
  readonly layers: readonly ExpectedLayer[];
}

/** As far as it is read; the rest stays as it is. */
interface ExpectedConfig {
  readonly config: { readonly Labels: Readonly<Record<string, string>> };
  readonly rootfs: object;
}

export interface ExpectedLayer extends MeasuredLayer {
  /** The files that it is made of; undefined where something else decides of it too. */
  readonly files?: readonly ImageFile[] | undefined;
}

/** The files whose contents may change. */
export function expectedFiles({ layers }: ExpectedImage): ReadonlySet<string> {
  const files = layers.flatMap((layer) => layer.files ?? []);
  return new Set(files.flatMap(({ content }) => ('file' in content ? [content.file] : [])));
}
