import type { Diagnostic } from '../core/index.ts';
import { type ContainerEngine, type SeenImage, seeImagesAtOnce } from '../engine/index.ts';
import { imageReference, type RegisteredService } from '../registry/index.ts';
import { type ServiceFolder, stackFor } from '../stacks/index.ts';
import type { BaseImage } from './base/base-image.ts';
import { presentBase, referenceOfBase } from './base/present-base.ts';
import type { BegunBuild } from './begin-build.ts';
import { begun } from './begun.ts';
import { measureInputs } from './build-inputs.ts';
import { type BuildServiceOptions, type BuildSubject, buildsAnyway, inputsDigest } from './build-subject.ts';
import type { PackageChange } from './diff/package-changes.ts';
import type { ExpectedImage } from './expected-image.ts';
import { imageOf } from './known-folder.ts';
import { madeBy } from './lock/build-lock.ts';
import { frozenLock, refuseOtherBase } from './lock/frozen.ts';
import { groundDigest } from './lock/ground-digest.ts';
import { lockPlatform } from './lock/lock-plan.ts';
import { readLock } from './lock/read-lock.ts';
import { wantedOf } from './lock/wanted.ts';
import type { StepTime } from './progress.ts';
import type { LayerExplanation } from './record/explain-layers.ts';
import { explainUnchanged } from './record/record-build.ts';
import { rememberFolder } from './record/remembered-folder.ts';
import { upToDate } from './up-to-date.ts';

export interface BuildResult {
  readonly service: RegisteredService;
  /** False: the image that was there is what a build would have made. */
  readonly changed: boolean;
  readonly seconds: number;
  /** What took how long, in order; empty where nothing changed. */
  readonly steps: readonly StepTime[];
  /** What the compiler warned of, in the author's files, and what is to be known of the lock. */
  readonly warnings: readonly Diagnostic[];
  /** Why each layer is as it is; empty where nothing changed, unless it is to be explained. */
  readonly layers: readonly LayerExplanation[];
  /** What became of nstack.lock; undefined where nothing was built. */
  readonly lock?: {
    readonly written: boolean;
    /** Packages that came, went or have another version than in the lock before. */
    readonly changes: readonly PackageChange[];
  };
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
  const { built } = await buildMeasured(engine, await measureSubject(folder, options), options);
  return { ...built, seconds: secondsSince(since) };
}

/**
 * The same for a folder that was read from `readSince` (milliseconds since 1970) on, and is remembered as it was then, so that
 * `knownFolder` can tell the next time. The engine is connected to where one request does not tell that there is nothing to build; where a file is known to have been
 * written to since, `begun` is what it was asked for already (without a frozen lock, an explanation or a cache to fill), which whoever began it takes back in the end.
 */
export async function buildFolder(
  connect: () => Promise<ContainerEngine>,
  folder: ServiceFolder,
  options: BuildServiceOptions & { readonly readSince: number; readonly begun?: BegunBuild | undefined },
): Promise<BuildResult> {
  const since = performance.now();
  const measuring = begun(measureSubject(folder, options));
  const { begun: asked } = options;
  const { built, base, expected } = await (asked === undefined
    ? measuring.then((subject) => outcomeOf(connect, subject, options))
    : buildBegun(begun(connect()), folder, measuring, options, asked));
  await remember(await measuring, { base, expected }, options.readSince);
  return { ...built, seconds: secondsSince(since) };
}

interface Outcome {
  readonly built: Omit<BuildResult, 'seconds'>;
  /** What the image stands on; undefined for a release whose base is gone. */
  readonly base: BaseImage | undefined;
  readonly expected?: ExpectedImage | undefined;
}

async function measureSubject(folder: ServiceFolder, options: BuildServiceOptions): Promise<BuildSubject> {
  const { name, version, stack } = folder.manifest;
  const [recipe, lock] = await Promise.all([stackFor(stack.language).recipe(folder), readLock(folder)]);
  const inputs = await measureInputs(folder, recipe);
  const subject = { folder, recipe, inputs, reference: imageReference(name, version), lock };
  if (options.frozen === true)
    frozenLock(folder, lock, { wanted: wantedOf(recipe), platform: lockPlatform(), madeBy: madeBy(subject) });
  return subject;
}

/** The folder is measured while the engine is connected to. */
async function buildBegun(
  connected: Promise<ContainerEngine>,
  folder: ServiceFolder,
  measuring: Promise<BuildSubject>,
  options: BuildServiceOptions,
  asked: BegunBuild,
): Promise<Outcome> {
  const [engine, { buildImage }] = await Promise.all([connected, import('./build-image.ts')]);
  return buildImage(engine, folder, measuring, options, asked);
}

async function outcomeOf(
  connect: () => Promise<ContainerEngine>,
  subject: BuildSubject,
  options: BuildServiceOptions,
): Promise<Outcome> {
  const seen = fillsCache(options) ? 'unknown' : await seeUnchanged(subject, options);
  if (seen === 'unknown') return buildMeasured(await connect(), subject, options);
  if (seen !== 'changed') return seen;
  const [engine, { buildImage }] = await Promise.all([connect(), import('./build-image.ts')]);
  return buildImage(engine, subject.folder, subject, options);
}

/** Asks the engine once. */
async function seeUnchanged(
  subject: BuildSubject,
  options: BuildServiceOptions,
): Promise<Outcome | 'changed' | 'unknown'> {
  const below = referenceOfBase(subject.folder.manifest);
  const seen =
    below === undefined ? undefined : await seeImagesAtOnce({ references: [subject.reference, below] });
  if (below === undefined || seen === undefined) return 'unknown';
  const base = imageOf(seen, below);
  const same = await unchanged(
    subject,
    imageOf(seen, subject.reference),
    base === undefined ? undefined : { reference: below, id: base.id },
    options,
  );
  return same ?? 'changed';
}

async function buildMeasured(
  engine: ContainerEngine,
  subject: BuildSubject,
  options: BuildServiceOptions,
): Promise<Outcome> {
  const [base, existing] = await Promise.all([
    presentBase(engine, subject.folder),
    engine.inspectImage(subject.reference),
  ]);
  const same = await unchanged(subject, existing, base, options);
  if (same !== undefined && !fillsCache(options)) return same;
  const { buildImage } = await import('./build-image.ts');
  return buildImage(engine, subject.folder, subject, options);
}

/** What stands in the engine is put in the cache even where there is nothing to build. */
function fillsCache({ cachePlaces }: BuildServiceOptions): boolean {
  return cachePlaces !== undefined && cachePlaces.to.length > 0;
}

async function unchanged(
  subject: BuildSubject,
  existing: SeenImage | undefined,
  base: BaseImage | undefined,
  options: BuildServiceOptions,
): Promise<Outcome | undefined> {
  const { folder, lock } = subject;
  if (options.frozen === true && lock !== undefined && base !== undefined)
    refuseOtherBase(folder, lock, groundDigest(base));
  const service = upToDate(subject, existing, base, buildsAnyway(options));
  if (service === undefined || existing === undefined) return undefined;
  const explained = options.explain === true && base !== undefined;
  const layers = explained ? await explainUnchanged(subject, base, existing) : [];
  return { built: { service, changed: false, steps: [], warnings: [], layers }, base };
}

async function remember(
  subject: BuildSubject,
  { base, expected }: Omit<Outcome, 'built'>,
  since: number,
): Promise<void> {
  const { folder, inputs, reference } = subject;
  const { root, manifest } = folder;
  if (base === undefined || base.reference !== referenceOfBase(manifest)) return;
  await rememberFolder(root, since, {
    language: manifest.stack.language,
    name: manifest.name,
    version: manifest.version,
    reference,
    baseReference: base.reference,
    baseId: base.id,
    inputs: inputsDigest(subject, base.id),
    source: inputs.source,
    expected,
  });
}

function secondsSince(since: number): number {
  return (performance.now() - since) / 1000;
}
