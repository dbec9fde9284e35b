import { NstackError } from '../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../engine/index.ts';
import type { Manifest } from '../manifest/index.ts';
import { findService, imageReference, labels, type RegisteredService } from '../registry/index.ts';
import { type Recipe, type ServiceFolder, stackFor } from '../stacks/index.ts';
import { type BaseImage, baseReference } from './base-image.ts';
import { type BuildInputs, measureInputs } from './build-inputs.ts';
import { buildLabels } from './build-labels.ts';
import type { ProgressListener, StepTime } from './progress.ts';

/** Proves a built image against its service's declarations; fails with `contract-broken`, `service-failed`, ... */
export type ProbeFunction = (
  engine: ContainerEngine,
  image: string,
  folder: ServiceFolder,
  signal: AbortSignal,
) => Promise<void>;

export interface BuildServiceOptions {
  /** The static check, before anything is built; fails with `contract-broken`. */
  readonly check?: (folder: ServiceFolder) => Promise<void>;
  readonly probe: ProbeFunction;
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
  /** Build though nothing changed, with the packages that are newest now. Releases stay as they are. */
  readonly force?: boolean;
}

export interface BuildResult {
  readonly service: RegisteredService;
  /** False: the image that was there is what a build would have made. */
  readonly changed: boolean;
  readonly seconds: number;
  /** What took how long, in order; empty where nothing changed. */
  readonly steps: readonly StepTime[];
}

/** What both paths, nothing to do and a real build, know. */
export interface BuildSubject {
  readonly folder: ServiceFolder;
  readonly recipe: Recipe;
  readonly inputs: BuildInputs;
  /** `nstack/clickanalytics:1.2.0` */
  readonly reference: string;
}

/**
 * Turns a service folder into a registered image, or finds that it is one already. The image gets its tag, and so is registered, after the probe
 * has proved it; a build that fails or is interrupted leaves what was there as it was. Fails with `release-exists` where the version is a
 * release that has been built of another source, `package-unknown`, `build-failed`, what the probe fails with, ...
 */
export async function buildService(
  engine: ContainerEngine,
  folder: ServiceFolder,
  options: BuildServiceOptions,
): Promise<BuildResult> {
  const since = performance.now();
  const { manifest } = folder;
  const reference = imageReference(manifest.name, manifest.version);
  const measured = stackFor(manifest.stack.language)
    .recipe(folder)
    .then(async (recipe) => ({ recipe, inputs: await measureInputs(folder, recipe) }));
  const [{ recipe, inputs }, base, existing] = await Promise.all([
    measured,
    presentBase(engine, manifest),
    engine.inspectImage(reference),
  ]);
  const subject: BuildSubject = { folder, recipe, inputs, reference };
  const registered = upToDate(subject, existing, base, options.force === true);
  if (registered !== undefined)
    return { service: registered, changed: false, seconds: secondsSince(since), steps: [] };
  const { buildImage } = await import('./build-image.ts');
  const built = await buildImage(engine, subject, options);
  return { ...built, seconds: secondsSince(since) };
}

/** The image that a service stands on: its parent's, or the base. Undefined where the base has not been made yet. */
export async function presentBase(
  engine: ContainerEngine,
  { parent }: Manifest,
): Promise<BaseImage | undefined> {
  if (parent !== undefined) {
    const { image, imageId } = await findService(engine, parent);
    return { reference: image, id: imageId };
  }
  const image = await engine.inspectImage(baseReference);
  return image === undefined ? undefined : { reference: baseReference, id: image.id };
}

/** The registered service where the existing image is what a build would make. A release of the same source always is. */
export function upToDate(
  { folder: { manifest }, inputs, reference }: BuildSubject,
  existing: ImageInfo | undefined,
  base: BaseImage | undefined,
  force: boolean,
): RegisteredService | undefined {
  if (existing === undefined || existing.labels[labels.name] !== manifest.name) return undefined;
  if (isRelease(manifest.version)) {
    if (existing.labels[buildLabels.source] !== inputs.source || force) throw releaseExists(manifest, force);
  } else if (force || base === undefined || existing.labels[labels.inputs] !== inputs.digest(base.id))
    return undefined;
  return {
    name: manifest.name,
    version: manifest.version,
    image: reference,
    imageId: existing.id,
    manifest,
    built: existing.created,
    size: existing.size,
  };
}

export function isRelease(version: string): boolean {
  return !version.endsWith('-SNAPSHOT');
}

function releaseExists({ name, version }: Manifest, force: boolean): NstackError {
  const why = force ? 'a release is never built again' : 'this folder differs from what it was built of';
  return new NstackError(
    'release-exists',
    `${name} ${version} is a release that is built already, and ${why}`,
    {
      hint: `raise \`version\` in nstack.yaml (to work on it: ${version}-SNAPSHOT, which may be built as often as you like)`,
    },
  );
}

function secondsSince(since: number): number {
  return (performance.now() - since) / 1000;
}
