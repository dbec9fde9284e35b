import type { Manifest } from '../../manifest/index.ts';
import { labels } from '../../registry/index.ts';
import type { InstalledPackage, InstalledPackages } from '../../stacks/index.ts';
import type { LayerRecord } from '../image/layer-records.ts';
import { parseLabel } from './parse-label.ts';

/** One side of a comparison: a service as a folder declares it, or as an image's labels tell of it. */
export interface ServiceFacts {
  /** For people: `built here`, `the folder /home/me/click`, `registry.example.com/team/click:1.0.0`. */
  readonly where: string;
  readonly manifest: Manifest;
  /** What is installed beyond the base; undefined where nothing says so: a folder, or an image of an older nstack. */
  readonly packages: InstalledPackages | undefined;
  /** From below; undefined alike. */
  readonly layers: readonly LayerFacts[] | undefined;
}

/** One layer of an image, as its label tells. */
export type LayerFacts = Pick<LayerRecord, 'name' | 'diffId' | 'size'>;

/** What an image's labels say beyond the manifest. Labels that are missing, or that are not what nstack writes, say nothing. */
export function factsOf(
  where: string,
  manifest: Manifest,
  imageLabels: Readonly<Record<string, string>>,
): ServiceFacts {
  return Object.freeze({
    where,
    manifest,
    packages: parseLabel(imageLabels[labels.packages], isPackages),
    layers: parseLabel(imageLabels[labels.layers], isLayers),
  });
}

/** Whether it is what the label of layers holds. */
export function isLayers(value: unknown): value is readonly LayerFacts[] {
  return (
    Array.isArray(value) &&
    value.every(
      (each) =>
        isObject(each) &&
        typeof each.name === 'string' &&
        typeof each.diffId === 'string' &&
        typeof each.size === 'number',
    )
  );
}

function isPackages(value: unknown): value is InstalledPackages {
  return (
    isObject(value) && Object.values(value).every((list) => Array.isArray(list) && list.every(isPackage))
  );
}

function isPackage(value: unknown): value is InstalledPackage {
  return isObject(value) && typeof value.name === 'string' && typeof value.version === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
