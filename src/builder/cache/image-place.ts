import type { OciRegistry } from '../../registry/index.ts';

/** Where images can be put and found by a tag: a registry, or a folder that stands in for one. */
export type ImagePlace = Pick<
  OciRegistry,
  'host' | 'manifest' | 'hasBlob' | 'blob' | 'pushBlob' | 'putManifest'
>;

/** One place of a build cache, and the repository in it. */
export interface CachePlace {
  /** As the user named it. */
  readonly name: string;
  readonly place: ImagePlace;
  readonly repository: string;
}
