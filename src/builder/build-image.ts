import { type Diagnostic, digestOf } from '../core/index.ts';
import type { ContainerEngine, ImageInfo, SeenImage } from '../engine/index.ts';
import { labels, type RegisteredService, refuseNameInOtherCase } from '../registry/index.ts';
import type { ServiceFolder } from '../stacks/index.ts';
import type { BaseImage } from './base/base-image.ts';
import { originOf } from './base/base-origin.ts';
import { findGround } from './base/find-ground.ts';
import type { BegunBuild } from './begin-build.ts';
import { begun } from './begun.ts';
import { type BuildServiceOptions, type BuildSubject, buildsAnyway } from './build-subject.ts';
import type { BuildCache } from './cache/build-cache.ts';
import { openBuildCache } from './cache/open-build-cache.ts';
import { checkStep } from './check-step.ts';
import { compiledCode } from './compile-step.ts';
import { expectImage } from './expect-image.ts';
import type { ExpectedImage } from './expected-image.ts';
import { type BegunLoad, expectedLoad } from './image/begun-load.ts';
import { createdTime } from './image/created-time.ts';
import { type ImagesBelow, type ImagesStage, imagesBelow } from './images-below.ts';
import { lockOfBuild, type SettledLock } from './lock/build-lock.ts';
import { lockPlatform } from './lock/lock-plan.ts';
import { readLock } from './lock/read-lock.ts';
import { runStep, type StepTime } from './progress.ts';
import { proveAndRegister } from './prove-and-register.ts';
import type { LayerExplanation } from './record/explain-layers.ts';
import { recordBuild, whatWas } from './record/record-build.ts';
import { removeInterrupted } from './remove-interrupted.ts';
import { withServiceLock } from './service-lock.ts';
import { upToDate } from './up-to-date.ts';
import { waitingStep } from './waiting-step.ts';

export interface BuiltImage {
  readonly built: {
    readonly service: RegisteredService;
    readonly changed: boolean;
    readonly steps: readonly StepTime[];
    /** What the compiler warned of, in the author's files. */
    readonly warnings: readonly Diagnostic[];
    readonly layers: readonly LayerExplanation[];
    readonly lock?: Pick<SettledLock, 'written' | 'changes'>;
  };
  readonly base: BaseImage;
  /** What the next build is expected to make; undefined where that is not known. */
  readonly expected?: ExpectedImage | undefined;
}

/**
 * Builds, proves and registers; one process at a time for each name. `measuring`: the folder's inputs, which may still be read; `asked`: what the engine was asked for already.
 */
export async function buildImage(
  engine: ContainerEngine,
  folder: ServiceFolder,
  measuring: BuildSubject | Promise<BuildSubject>,
  options: BuildServiceOptions,
  asked?: BegunBuild,
): Promise<BuiltImage> {
  const { name } = folder.manifest;
  const { onProgress, signal } = options;
  const waited = waitingStep(onProgress, name);
  let images = asked?.images;
  const onWait = (pid: string) => {
    // Whoever holds the lock makes others.
    images = undefined;
    waited.begin(pid);
  };
  const sent = await asked?.sent;
  return withServiceLock(name.toLowerCase(), { onWait, signal, held: sent?.lock }, async () => {
    waited.end();
    const registered = begun(
      Promise.resolve(images).then((seen) => seen ?? engine.seeImages({ label: labels.name })),
    );
    const load = sent === undefined ? asked?.load : expectedLoad(engine, sent, signal);
    const expected = sent === undefined ? undefined : digestOf(sent.image.config);
    try {
      return await buildAlone(engine, folder, { measuring, registered, load, expected }, options);
    } finally {
      await load?.cancel();
    }
  });
}

/** What goes on already when a build has its turn. */
interface Beginnings {
  readonly measuring: BuildSubject | Promise<BuildSubject>;
  /** The images of services. */
  readonly registered: Promise<readonly SeenImage[]>;
  readonly load: BegunLoad | undefined;
  /** Id of an image that the engine may have by that load already. */
  readonly expected: string | undefined;
}

async function buildAlone(
  engine: ContainerEngine,
  folder: ServiceFolder,
  { measuring, registered: listed, load, expected }: Beginnings,
  options: BuildServiceOptions,
): Promise<BuiltImage> {
  const { signal } = options;
  const times: StepTime[] = [];
  const swept = begun(engine.sweep());
  const created = begun(createdTime(folder.root, signal));
  const cache = await openBuildCache(engine, options);
  const measured = await measuring;
  const { reference } = measured;
  // Whoever held the lock before may have written another nstack.lock.
  const [lock, registered, ground] = await Promise.all([
    options.frozen === true ? measured.lock : readLock(folder),
    listed,
    findGround(engine, folder, options, cache),
  ]);
  refuseNameInOtherCase(registered, folder.manifest.name);
  const subject = { ...measured, lock };
  const cleared = begun(swept.then(() => removeInterrupted(engine, subject, registered, expected)));
  const locking = lockOfBuild(subject, lockPlatform(), options);
  const check = checkStep(folder, options, times);
  const stage = { ...ground, cache, options, times, ready: check.done };
  // And may have built just this.
  const existing = registered.find(({ tags }) => tags.includes(reference));
  const same = upToDate(subject, existing, ground.below, buildsAnyway(options));
  if (same !== undefined) {
    if (cache?.fills === true)
      await keepImages({ ...stage, ...(await imagesBelow(engine, subject, locking, stage)) }, cache);
    await cleared;
    return {
      built: { service: same, changed: false, steps: times, warnings: [], layers: [] },
      base: ground.below,
    };
  }

  const from = begun(originOf(engine, ground.below));
  const before = whatWas(reference, existing);
  const { packages, toolchain } = await imagesBelow(engine, subject, locking, stage);
  const standing = { ...ground, packages, toolchain, from: await from };
  const { lock: settled, written, changes, notes } = await locking.settle(standing, check.done);
  const locked = { ...subject, lock: settled };
  if (toolchain !== undefined) await check.done();
  const compiled = await compiledCode(engine, subject, { options, times, toolchain });
  await cleared;
  const { image, assembly } = await proveAndRegister(engine, locked, {
    parts: { ...ground, packages, compiled, created: await created },
    images: registered,
    existing,
    check,
    load,
    options,
    times,
  });
  const recorded = { before: await before, base: ground.below, steps: times, existing, image };
  const explained = await recordBuild(locked, recorded);
  if (cache?.fills === true) await keepImages({ ...stage, packages, toolchain }, cache);
  const warnings = [...(compiled?.warnings ?? []), ...notes];
  const service = serviceOf(subject, image);
  const built = { service, changed: true, steps: times, warnings, layers: explained };
  return {
    built: { ...built, lock: { written, changes } },
    base: ground.below,
    expected: expectImage(locked, assembly, ground.below.id),
  };
}

function serviceOf({ folder: { manifest }, reference }: BuildSubject, image: ImageInfo): RegisteredService {
  const { name, version } = manifest;
  const { id: imageId, created: built, size } = image;
  return { name, version, image: reference, imageId, manifest, built, size };
}

/** Puts what was made or found where other machines look for it. */
async function keepImages(
  { base, packages, toolchain, options: { onProgress }, times }: ImagesBelow & ImagesStage,
  cache: BuildCache,
): Promise<void> {
  const images = [base.reference, ...packages.references, ...(toolchain?.references ?? [])];
  await runStep('fill the build cache', { onProgress, times }, (onLine) => cache.keep(images, onLine));
}
