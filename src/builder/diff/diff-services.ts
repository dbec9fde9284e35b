import { compareVersions, isPreRelease, nextLine, sameLine } from '../../registry/index.ts';
import type { Change } from './change.ts';
import { type LayerChange, layerChanges, sizeOf } from './layer-changes.ts';
import { manifestChanges } from './manifest-changes.ts';
import { type PackageChange, packageChanges } from './package-changes.ts';
import type { ServiceFacts } from './service-facts.ts';

/** What has changed between two versions of a service. Plain, frozen JSON. */
export interface ServiceDiff {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Whether any of the changes breaks those who use the former. */
  readonly breaking: boolean;
  readonly changes: readonly Change[];
  /** Undefined where one of the two does not tell what is installed. */
  readonly packages: readonly PackageChange[] | undefined;
  /** Undefined where one of the two does not tell its layers. */
  readonly layers: readonly LayerChange[] | undefined;
  /** The lowest version that the latter may have, where it breaks and its version number promises that it does not. */
  readonly neededVersion: string | undefined;
}

export interface DiffSide {
  readonly name: string;
  readonly version: string;
  readonly where: string;
  /** Bytes of all layers, uncompressed; undefined where it does not tell. */
  readonly size: number | undefined;
}

/** Compares two versions of a service, the former first. */
export function diffServices(before: ServiceFacts, after: ServiceFacts): ServiceDiff {
  const all = manifestChanges(before.manifest, after.manifest);
  const packages = both(before.packages, after.packages, packageChanges);
  // What was installed says more than what was asked for.
  const changes = packages === undefined ? all : all.filter(({ about }) => about !== 'request');
  const breaking = changes.some(({ severity }) => severity === 'breaking');
  const [former, latter] = [before.manifest.version, after.manifest.version];
  const promises = sameLine(former, latter) && !isPreRelease(former) && compareVersions(former, latter) <= 0;
  return Object.freeze({
    before: sideOf(before),
    after: sideOf(after),
    breaking,
    changes: Object.freeze(changes),
    packages,
    layers: both(before.layers, after.layers, layerChanges),
    neededVersion: breaking && promises ? nextLine(former) : undefined,
  });
}

/** Whether there is nothing that two versions differ in, as far as they tell. */
export function isSame({ changes, packages = [], layers = [] }: ServiceDiff): boolean {
  return changes.length === 0 && packages.length === 0 && layers.length === 0;
}

function both<T, R>(
  before: T | undefined,
  after: T | undefined,
  compare: (before: T, after: T) => R,
): R | undefined {
  return before === undefined || after === undefined ? undefined : compare(before, after);
}

function sideOf({ manifest: { name, version }, where, layers }: ServiceFacts): DiffSide {
  return Object.freeze({ name, version, where, size: sizeOf(layers) });
}
