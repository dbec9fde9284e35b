import type { Diagnostic } from '../core/index.ts';
import type { ContainerEngine, ImageInfo, SeenImage } from '../engine/index.ts';
import { labels, type RegisteredService, refuseNameInOtherCase } from '../registry/index.ts';
import type { ServiceFolder } from '../stacks/index.ts';
import { type BaseImage, ensureBaseImage } from './base/base-image.ts';
import { originOf } from './base/base-origin.ts';
import { presentBase } from './base/present-base.ts';
import { labelsOf } from './build-labels.ts';
import { type BuildServiceOptions, type BuildSubject, buildsAnyway } from './build-subject.ts';
import type { BuildCache } from './cache/build-cache.ts';
import { openBuildCache } from './cache/open-build-cache.ts';
import { type Compiled, compileCode, inOrder } from './compile.ts';
import { createdTime } from './image/created-time.ts';
import { imageConfig } from './image/image-config.ts';
import { measureLayer } from './image/layer.ts';
import { layerRecords } from './image/layer-records.ts';
import { loadImage } from './image/load-image.ts';
import { type ImagesBelow, imagesBelow } from './images-below.ts';
import { lockOfBuild, type SettledLock } from './lock/build-lock.ts';
import { lockPlatform } from './lock/lock-plan.ts';
import { readLock } from './lock/read-lock.ts';
import { removeReplaced, removeUnlessUsed } from './packages/leftovers.ts';
import type { Ground, PackagesImage } from './packages/packages-step.ts';
import { beyondParent, shimLabels } from './parent/shim-label.ts';
import { type ProgressListener, runStep, type StepTime } from './progress.ts';
import type { LayerExplanation } from './record/explain-layers.ts';
import { recordBuild, whatWas } from './record/record-build.ts';
import { withServiceLock } from './service-lock.ts';
import { packForPush } from './store/index.ts';
import { unfinishedReference, withUnfinished } from './unfinished-reference.ts';
import { isRelease, upToDate } from './up-to-date.ts';

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
}

/** Builds, proves and registers; one process at a time for each name. */
export function buildImage(
  engine: ContainerEngine,
  subject: BuildSubject,
  options: BuildServiceOptions,
): Promise<BuiltImage> {
  const { name } = subject.folder.manifest;
  const { onProgress, signal } = options;
  const waited = waitingStep(onProgress, name);
  return withServiceLock(name.toLowerCase(), { onWait: waited.begin, signal }, () => {
    waited.end();
    return buildAlone(engine, subject, options);
  });
}

/** The step of waiting for another build, which most builds have not. */
function waitingStep(onProgress: ProgressListener, name: string) {
  let running: { readonly step: string; readonly since: number } | undefined;
  const end = () => {
    if (running === undefined) return;
    const seconds = (performance.now() - running.since) / 1000;
    onProgress({ kind: 'end', step: running.step, seconds });
    running = undefined;
  };
  const begin = (pid: string) => {
    end();
    running = { step: `wait for process ${pid}, which is building ${name}`, since: performance.now() };
    onProgress({ kind: 'begin', step: running.step });
  };
  return { begin, end };
}

async function buildAlone(
  engine: ContainerEngine,
  measured: BuildSubject,
  options: BuildServiceOptions,
): Promise<BuiltImage> {
  const { signal, probe } = options;
  // Whoever held the lock before may have written another nstack.lock.
  const subject = options.frozen === true ? measured : { ...measured, lock: await readLock(measured.folder) };
  const { folder, reference } = subject;
  const steps: StepTime[] = [];
  const progress = { onProgress: options.onProgress, times: steps };

  const registered = await engine.seeImages({ label: labels.name });
  refuseNameInOtherCase(registered, folder.manifest.name);
  const cache = await openBuildCache(engine, options);
  const [ground] = await Promise.all([
    findGround(engine, folder, options, cache),
    removeInterrupted(engine, subject, registered),
  ]);
  // Whoever held the lock before may have built just this.
  const existing = registered.find(({ tags }) => tags.includes(reference));
  const locking = lockOfBuild(subject, lockPlatform(), options);
  const same = upToDate(subject, existing, ground.below, buildsAnyway(options));
  const stage = { ...ground, cache, options, times: steps };
  if (same !== undefined) {
    if (cache?.fills === true)
      await keepImages(
        { ...ground, ...(await imagesBelow(engine, subject, locking, stage)) },
        cache,
        progress,
      );
    return {
      built: { service: same, changed: false, steps, warnings: [], layers: [] },
      base: ground.below,
    };
  }

  const { check } = options;
  if (check !== undefined) await runStep('check the code', progress, () => check(folder));
  const { packages, toolchain } = await imagesBelow(engine, subject, locking, stage);
  const from = await originOf(engine, ground.below);
  const settled = await locking.settle({ ...ground, packages, toolchain, from });
  const locked = { ...subject, lock: settled.lock };
  const compiled = await compiledCode(engine, subject, { options, times: steps, toolchain });
  const unfinished = unfinishedReference(reference);
  const before = await whatWas(reference, existing);
  const { service, explained } = await withUnfinished(engine, unfinished, async () => {
    const { image, config, layers } = await runStep('put the image together', progress, () =>
      assemble(engine, locked, { ...ground, packages, compiled, unfinished, signal }),
    );
    const record = packForPush({ folder, config, layers, signal });
    await runStep('prove the contract', progress, () => probe(engine, unfinished, folder, signal));
    signal.throwIfAborted();
    await engine.tagImage(image.id, reference);
    await record();
    const built = { before, base: ground.below, steps, layers };
    return { service: serviceOf(subject, image), explained: await recordBuild(locked, built) };
  });
  if (existing !== undefined) await removeReplaced(engine, existing.id);
  if (cache?.fills === true) await keepImages({ ...ground, packages, toolchain }, cache, progress);
  const { written, changes, notes } = settled;
  const warnings = [...(compiled?.warnings ?? []), ...notes];
  const built = { service, changed: true, steps, warnings, lock: { written, changes }, layers: explained };
  return { built, base: ground.below };
}

function serviceOf({ folder: { manifest }, reference }: BuildSubject, image: ImageInfo): RegisteredService {
  const { name, version } = manifest;
  const { id: imageId, created: built, size } = image;
  return { name, version, image: reference, imageId, manifest, built, size };
}

async function findGround(
  engine: ContainerEngine,
  folder: ServiceFolder,
  options: BuildServiceOptions,
  cache: BuildCache | undefined,
): Promise<Ground> {
  const below = await presentBase(engine, folder);
  const base =
    below === undefined || below.parent !== undefined
      ? await ensureBaseImage(engine, { ...options, cached: cache?.fetch })
      : below;
  return { base, below: below ?? base };
}

/** Puts what was made or found where other machines look for it. */
async function keepImages(
  { base, packages, toolchain }: ImagesBelow & { readonly base: BaseImage },
  cache: BuildCache,
  progress: { readonly onProgress: ProgressListener; readonly times: StepTime[] },
): Promise<void> {
  const images = [base.reference, ...packages.references, ...(toolchain?.references ?? [])];
  await runStep('fill the build cache', progress, (onLine) => cache.keep(images, onLine));
}

interface CompileStage {
  readonly options: BuildServiceOptions;
  readonly times: StepTime[];
  readonly toolchain: PackagesImage | undefined;
}

/** What compiling makes of the code; nothing where the language needs none. */
async function compiledCode(
  engine: ContainerEngine,
  { folder, recipe: { compile } }: BuildSubject,
  { options, times, toolchain }: CompileStage,
): Promise<(Compiled & { readonly toolchain: ImageInfo }) | undefined> {
  if (compile === undefined || toolchain === undefined) return undefined;
  const compiled = await runStep('compile the code', { onProgress: options.onProgress, times }, (onLine) =>
    compileCode(engine, compile, {
      service: folder.manifest.name,
      toolchain: toolchain.image.id,
      warm: options.warm === true && options.force !== true,
      // A snapshot is for whoever works on it; what others get is a release, and the same wherever it is built.
      incremental: !isRelease(folder.manifest.version),
      onLine,
      signal: options.signal,
    }),
  );
  return { ...compiled, toolchain: toolchain.image };
}

interface Assembly extends Ground {
  readonly packages: PackagesImage;
  readonly compiled: Awaited<ReturnType<typeof compiledCode>>;
  readonly unfinished: string;
  readonly signal: AbortSignal;
}

async function assemble(
  engine: ContainerEngine,
  subject: BuildSubject,
  { below, packages, compiled, unfinished, signal }: Assembly,
) {
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
    created: await createdTime(folder.root, signal),
  });
  const parts = { reference: unfinished, config, below: packages.image.layers, layers };
  return { image: await loadImage(engine, parts, packages.reference, signal), config, layers };
}

/** Removes what builds of this service that were killed have left: tags, images without one, instances. */
async function removeInterrupted(
  engine: ContainerEngine,
  { folder, reference }: BuildSubject,
  registered: readonly SeenImage[],
): Promise<void> {
  await engine.sweep();
  const repository = unfinishedReference(reference).replace(/:[^:]*$/, ':');
  const own = registered.filter((image) => image.labels[labels.name] === folder.manifest.name);
  for (const { id, tags } of own) {
    for (const tag of tags.filter((one) => one.startsWith(repository))) await engine.removeImage(tag);
    if (tags.length === 0) await removeUnlessUsed(engine, id);
  }
}
