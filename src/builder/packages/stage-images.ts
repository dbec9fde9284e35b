import { createHash } from 'node:crypto';
import { hexOf, NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type { InstalledPackages, PackageRecipe } from '../../stacks/index.ts';
import { packagesConfig } from '../image/image-config.ts';
import { type Layer, measureLayer } from '../image/layer.ts';
import { type LayerRecord, layerRecords, layersLabel } from '../image/layer-records.ts';
import { type LoadOptions, loadImage } from '../image/load-image.ts';
import { packagesLabel } from './installed.ts';
import {
  type LayerStage,
  type LayerStageName,
  layerStageNames,
  type SharedImages,
  stagesContext,
} from './layer-stages.ts';
import { removeUnlessUsed } from './leftovers.ts';
import type { RunBuilderOptions } from './run-builder.ts';

/** The repository of the images that hold packages, or a toolchain, alone; the tag is the digest of what was asked for. */
export const layersRepository = 'nstack/layers';

/** Raised whenever the same instructions make other layers. */
export const layersFormat = 4;

/** An image that others stand on. */
export interface StandingImage {
  readonly reference: string;
  readonly image: ImageInfo;
}

/** A stage that is to be made. */
export interface PlannedStage {
  /** What is done. */
  readonly stage: LayerStage;
  /** The same without what this machine alone has: what its key is made of. */
  readonly asked: LayerStage;
}

export interface StagesJob {
  readonly engine: ContainerEngine;
  readonly recipe: PackageRecipe;
  /** What the first of all stages stands on. */
  readonly bottom: StandingImage;
  /** What the stages take tools from. */
  readonly shared: SharedImages;
  /** A file with the package lists of today ({@link debianLists}), for stages that need none of another day. */
  readonly lists: string | undefined;
  readonly options: RunBuilderOptions;
}

/** Makes an image of each stage, the first on `at`, and answers the last; where there are none, one of `at` that says what it has. */
export type MakeStages = (
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
) => Promise<StandingImage>;

/** The image of a reference that has to be there. Fails with `build-failed`. */
export async function standingOn(engine: ContainerEngine, reference: string): Promise<StandingImage> {
  const image = await engine.inspectImage(reference);
  if (image !== undefined) return { reference, image };
  throw new NstackError(
    'build-failed',
    `the image ${reference} was removed while packages were about to be installed on it`,
    {
      hint: 'build again',
    },
  );
}

/** The image of a layer, and of those below it, of what an image stands on; the image itself where the engine has no such part of it. */
export async function upToLayer(
  engine: ContainerEngine,
  whole: StandingImage,
  layer: LayerStageName,
): Promise<StandingImage> {
  const upTo = layerStageNames.slice(0, layerStageNames.indexOf(layer) + 1);
  const record = layerRecords(whole.image).findLast(({ name }) => upTo.some((one) => one === name));
  if (record === undefined) return whole;
  const reference = stageReference(record.key);
  const image = await engine.inspectImage(reference);
  return image === undefined ? whole : { reference, image };
}

/** The highest stage that there is an image of, and what is missing on it. */
export async function presentStages(
  { engine, shared }: Pick<StagesJob, 'engine' | 'shared'>,
  bottom: StandingImage,
  stages: readonly PlannedStage[],
): Promise<{ readonly at: StandingImage; readonly missing: readonly PlannedStage[] }> {
  let at = bottom;
  for (const [index, { asked }] of stages.entries()) {
    const reference = stageReference(await stageKey(at.image.id, asked, shared));
    const image = await engine.inspectImage(reference);
    if (image === undefined) return { at, missing: stages.slice(index) };
    at = { reference, image };
  }
  return { at, missing: [] };
}

/** Digest of all that goes into a stage's layer: what it stands on, the instructions, and the files that they copy. */
export async function stageKey(
  belowId: string,
  stage: LayerStage | undefined,
  shared: SharedImages,
): Promise<string> {
  const parts =
    stage === undefined
      ? []
      : [
          stagesContext([stage], 'below', shared).dockerfile,
          (await measureLayer('files', stage.files)).diffId,
        ];
  const digest = createHash('sha256')
    .update(JSON.stringify([layersFormat, belowId, ...parts]))
    .digest('hex');
  return `sha256:${digest}`;
}

function stageReference(key: string): string {
  return `${layersRepository}:${hexOf(key).slice(0, 32)}`;
}

/** What becomes an image. */
export interface StageParts {
  readonly key: string;
  /** The image with the layers that the engine has already, and the variables. */
  readonly on: StandingImage;
  readonly layers: readonly Layer<LayerStageName>[];
  /** Of all layers. */
  readonly records: readonly LayerRecord[];
  readonly packages: InstalledPackages;
}

/** Gives the engine an image of a stage, under the reference that its key makes, in place of one that was there. */
export async function loadStage(
  engine: ContainerEngine,
  { key, on, layers, records, packages }: StageParts,
  options: LoadOptions,
): Promise<StandingImage> {
  const reference = stageReference(key);
  const replaced = await engine.inspectImage(reference);
  const config = packagesConfig(on.image, records, { ...packagesLabel(packages), ...layersLabel(records) });
  const parts = { reference, config, below: on.image.layers, layers };
  const image = await loadImage(engine, parts, on.reference, options);
  if (replaced !== undefined && replaced.id !== image.id) await removeUntagged(engine, replaced.id);
  return { reference, image };
}

async function removeUntagged(engine: ContainerEngine, id: string): Promise<void> {
  const image = await engine.inspectImage(id);
  if (image?.tags.length === 0) await removeUnlessUsed(engine, id);
}
