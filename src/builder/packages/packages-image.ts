import { createHash } from 'node:crypto';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type { InstalledPackages, PackageInputs, PackageRecipe } from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import { debianIndex } from './debian-index.ts';
import { readHostNetwork } from './host-network.ts';
import { layerStages } from './layer-stages.ts';
import { rewrittenStages } from './rewritten-stages.ts';
import {
  layersFormat,
  layersRepository,
  type MakeStages,
  presentStages,
  standingOn,
} from './stage-images.ts';
import { toolchainStages } from './toolchain-stages.ts';

export interface PackagesImageOptions
  extends Pick<PackageInputs, 'locked' | 'preferred' | 'snapshot' | 'asOf' | 'pinAll'> {
  /** The image that packages are resolved for. */
  readonly base: BaseImage;
  /** The image that these are installed on: the base, or what stands on it. */
  readonly below: BaseImage;
  readonly cacheFolder: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
  /** Install anew, with what is newest now, though an image is there. */
  readonly force: boolean;
  /** Fails where the image is not to have its reference. */
  accept?(image: ImageInfo): Promise<void>;
}

/** The reference of the image with these packages on the image below: equal inputs, equal reference. */
export function packagesReference(
  recipe: PackageRecipe,
  belowId: string,
  locked?: InstalledPackages,
): string {
  const lock = locked === undefined ? '' : `\n${JSON.stringify(locked)}`;
  const digest = createHash('sha256')
    .update(`${layersFormat}\n${belowId}\n${recipe.key}${lock}`)
    .digest('hex');
  return `${layersRepository}:${digest.slice(0, 32)}`;
}

/**
 * Installs the packages with the engine's own builder, rewrites the layers that it made so that the same packages are the same layers everywhere, and tags the image
 * when it is whole. The host's certificate authorities and proxies reach the build stages, never the image. Fails with `package-unknown`, `network` or
 * `build-failed`.
 */
export function buildPackages(
  engine: ContainerEngine,
  recipe: PackageRecipe,
  options: PackagesImageOptions,
): Promise<ImageInfo> {
  return buildStages(engine, recipe, options, rewrittenStages);
}

/** Makes what code is compiled with in the same way, but leaves its layers as they are, since they are in no image of a service. */
export function buildToolchain(
  engine: ContainerEngine,
  recipe: PackageRecipe,
  options: PackagesImageOptions,
): Promise<ImageInfo> {
  return buildStages(engine, recipe, options, toolchainStages);
}

/** Each stage of the recipe has an image of its own, on which the next one stands, so that what services have in common is installed once. */
async function buildStages(
  engine: ContainerEngine,
  recipe: PackageRecipe,
  options: PackagesImageOptions,
  make: MakeStages,
): Promise<ImageInfo> {
  const { base, below, onLine, signal, force } = options;
  const network = await readHostNetwork();
  const inputs = {
    ...options,
    base: below.reference,
    index: () =>
      debianIndex(engine, { base, folder: options.cacheFolder, network, onLine, signal, refresh: force }),
  };
  // What is asked of a layer is the same on machines whose certificates differ.
  const asked = layerStages(await recipe.render({ ...inputs, certificates: '' }));
  const given = layerStages(await recipe.render({ ...inputs, certificates: network.certificates }));
  const stages = given
    .map((stage, index) => ({ stage, asked: asked[index] ?? stage }))
    .filter(({ stage }) => !stage.empty);
  const bottom = await standingOn(engine, below.reference);
  const present = force ? { at: bottom, missing: stages } : await presentStages(engine, bottom, stages);
  const job = { engine, recipe, bottom, options: { network, force, onLine, signal } };
  const { image } =
    present.missing.length > 0 || present.at === bottom
      ? await make(job, present.at, present.missing)
      : present.at;
  await options.accept?.(image);
  await engine.tagImage(image.id, packagesReference(recipe, below.id, options.locked ?? options.preferred));
  return image;
}
