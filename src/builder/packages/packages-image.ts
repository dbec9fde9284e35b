import { createHash } from 'node:crypto';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type {
  BuildContext,
  InstalledPackages,
  PackageIndex,
  PackageInputs,
  PackageRecipe,
} from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import { withServiceLock } from '../service-lock.ts';
import { debianIndex, debianLists } from './debian-index.ts';
import { type HostNetwork, readHostNetwork } from './host-network.ts';
import { noteUse } from './last-use.ts';
import { layerStages, type SharedImages, usesShared } from './layer-stages.ts';
import { rewrittenStages } from './rewritten-stages.ts';
import {
  layersFormat,
  layersRepository,
  type MakeStages,
  type PlannedStage,
  presentStages,
  type StagesJob,
  type StandingImage,
  stageKey,
  standingOn,
  upToLayer,
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
 * Installs the packages, rewrites the layers that come of it so that the same packages are the same layers everywhere, and tags the image
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

/** Makes what code is compiled with by the engine's own builder, and leaves its layers as they are, since they are in no image of a service. */
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
  const { below, onLine, signal, force } = options;
  const network = await readHostNetwork();
  const stages = await plannedStages(engine, recipe, options, network);
  const bottom = await standingOn(engine, below.reference);
  // A parent may have sources of its own.
  const isBase = below.id === options.base.id;
  const lists =
    force || !isBase ? undefined : await debianLists({ base: options.base, folder: options.cacheFolder });
  const job = {
    engine,
    recipe,
    bottom,
    shared: new Map(),
    lists,
    options: { network, force, onLine, signal },
  };
  // Tools stand on the first of them.
  const first = stages.findIndex(({ stage }) => usesShared(stage));
  const plain = first < 0 ? stages : stages.slice(0, first);
  const using = stages.slice(plain.length);
  const ground =
    stages.length === 0 ? await make(job, bottom, []) : await withStages(job, bottom, plain, make);
  const shared = await sharedImages(job, ground, using, options.cacheFolder);
  const { image } = await withStages({ ...job, shared }, ground, using, make);
  await options.accept?.(image);
  await engine.tagImage(image.id, packagesReference(recipe, below.id, options.locked ?? options.preferred));
  return image;
}

async function plannedStages(
  engine: ContainerEngine,
  recipe: PackageRecipe,
  options: PackagesImageOptions,
  network: HostNetwork,
): Promise<readonly PlannedStage[]> {
  const { base, below, cacheFolder, onLine, signal, force } = options;
  let index: Promise<PackageIndex> | undefined;
  const inputs = {
    ...options,
    base: below.reference,
    index() {
      index ??= debianIndex(engine, { base, folder: cacheFolder, network, onLine, signal, refresh: force });
      return index;
    },
  };
  const rendered = (certificates: string) => recipe.render({ ...inputs, certificates });
  return planned(await rendered(''), await rendered(network.certificates));
}

/** What is asked of a layer is the same on machines whose certificates differ. */
function planned(asked: BuildContext, given: BuildContext): readonly PlannedStage[] {
  const without = layerStages(asked);
  return layerStages(given)
    .map((stage, index) => ({ stage, asked: without[index] ?? stage }))
    .filter(({ stage }) => !stage.empty);
}

/** The image that has these stages on another: one that is there, or a new one. */
async function withStages(
  job: StagesJob,
  on: StandingImage,
  stages: readonly PlannedStage[],
  make: MakeStages,
): Promise<StandingImage> {
  const { at, missing } = job.options.force
    ? { at: on, missing: stages }
    : await presentStages(job, on, stages);
  return missing.length === 0 ? at : make(job, at, missing);
}

/** The images of the tools that these stages use, on what is below them. */
async function sharedImages(
  { engine, recipe, options, ...job }: StagesJob,
  ground: StandingImage,
  stages: readonly PlannedStage[],
  cacheFolder: string,
): Promise<SharedImages> {
  const images = new Map<string, string>();
  for (const [name, tools] of Object.entries(recipe.shared ?? {})) {
    const stage = `shared-${name}`;
    if (!stages.some((one) => usesShared(one.stage, stage))) continue;
    const bottom = await upToLayer(engine, ground, tools.layer);
    const rendered = (certificates: string) => tools.render({ base: bottom.reference, certificates });
    const own = planned(rendered(''), rendered(options.network.certificates));
    const key = await stageKey(bottom.image.id, own[0]?.asked, job.shared);
    const onWait = (pid: string) => options.onLine(`process ${pid} prepares ${name} as well: waiting for it`);
    // Services whose packages differ would make them at the same time.
    const made = await withServiceLock(key, { onWait, signal: options.signal }, () => {
      const alone = { ...job, engine, recipe, bottom, options: { ...options, force: false } };
      return withStages(alone, bottom, own, toolchainStages);
    });
    await noteUse(cacheFolder, made.reference);
    images.set(stage, made.reference);
  }
  return images;
}
