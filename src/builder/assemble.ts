import type { ContainerEngine, ImageInfo, SeenImage } from '../engine/index.ts';
import { labelsOf } from './build-labels.ts';
import type { BuildSubject } from './build-subject.ts';
import { inOrder } from './compile.ts';
import type { CompiledCode } from './compile-step.ts';
import type { ImageParts } from './image/image-archive.ts';
import { imageConfig } from './image/image-config.ts';
import { type Layer, measureLayer } from './image/layer.ts';
import { layerRecords, layersInCommon } from './image/layer-records.ts';
import { type LoadOptions, loadImage } from './image/load-image.ts';
import type { Ground, PackagesImage } from './packages/packages-step.ts';
import { beyondParent, shimLabels } from './parent/shim-label.ts';

export interface AssemblyParts extends Pick<Ground, 'below'> {
  readonly packages: PackagesImage;
  readonly compiled: CompiledCode | undefined;
  /** ISO 8601. */
  readonly created: string;
  /** The tag that the image gets. */
  readonly reference: string;
}

/** An image that is ready to be loaded. */
export interface Assembly extends ImageParts {
  /** The service's own. */
  readonly layers: readonly Layer[];
  /** What it stands on. */
  readonly packages: PackagesImage;
}

/** Puts the layers of a service's image together, and its config. */
export async function assemble(
  subject: BuildSubject,
  { below, packages, compiled, created, reference }: AssemblyParts,
): Promise<Assembly> {
  const { folder, recipe, inputs } = subject;
  const made = (compiled?.layers ?? []).map(({ name, files }) => measureLayer(name, files));
  const whole = inOrder([...inputs.layers, ...(await Promise.all(made))]);
  const layers = beyondParent(whole, below.parent?.image);
  const records = [
    ...layerRecords(packages.image),
    ...layers.map(({ name, diffId, size }) => {
      const isCompiled = compiled?.layers.some((layer) => layer.name === name);
      return { name, key: (isCompiled && inputs.compiled) || diffId, diffId, size };
    }),
  ];
  const own = { base: below, packages: packages.image, toolchain: compiled?.toolchain, records };
  const config = imageConfig({
    below: packages.image,
    records,
    entrypoint: recipe.entrypoint,
    workdir: recipe.workdir,
    env: { ...folder.manifest.env, ...recipe.env },
    labels: { ...labelsOf(subject, own), ...shimLabels(whole) },
    created,
  });
  return { reference, config, below: packages.image.layers, layers, packages };
}

/** Hands the engine what none of its images has of it. */
export function loadAssembly(
  engine: ContainerEngine,
  assembly: Assembly,
  { images, ...options }: LoadOptions & { readonly images: readonly SeenImage[] },
): Promise<ImageInfo> {
  const diffIds = [...assembly.below, ...assembly.layers.map(({ diffId }) => diffId)];
  const known = layersInCommon(diffIds, images);
  return loadImage(engine, assembly, assembly.packages.reference, { ...options, known });
}
