import type { ContainerEngine, ImageInfo } from '../engine/index.ts';
import { findService, labels, type RegisteredService, refuseNameInOtherCase } from '../registry/index.ts';
import { type BaseImage, ensureBaseImage } from './base-image.ts';
import { labelsOf } from './build-labels.ts';
import type { BuildServiceOptions, BuildSubject } from './build-subject.ts';
import { cacheFolder } from './cache-folder.ts';
import { createdTime } from './created-time.ts';
import { imageConfig } from './image-config.ts';
import { removeUnlessUsed } from './leftovers.ts';
import { loadImage } from './load-image.ts';
import { buildPackages, packagesDigest, packagesReference } from './packages-image.ts';
import { type ProgressListener, runStep, type StepTime } from './progress.ts';
import { withServiceLock } from './service-lock.ts';
import { presentBase, upToDate } from './up-to-date.ts';

export interface BuiltImage {
  readonly service: RegisteredService;
  readonly changed: boolean;
  readonly steps: readonly StepTime[];
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
  subject: BuildSubject,
  options: BuildServiceOptions,
): Promise<BuiltImage> {
  const { signal, probe } = options;
  const { folder, reference } = subject;
  const steps: StepTime[] = [];
  const progress = { onProgress: options.onProgress, times: steps };

  await refuseNameInOtherCase(engine, folder.manifest.name);
  await removeInterrupted(engine, subject);
  const base = (await presentBase(engine, folder.manifest)) ?? (await ensureBaseImage(engine, options));
  // Whoever held the lock before may have built just this.
  const existing = await engine.inspectImage(reference);
  const service = upToDate(subject, existing, base, options.force === true);
  if (service !== undefined) return { service, changed: false, steps };

  const { check } = options;
  if (check !== undefined) await runStep('check the code', progress, () => check(folder));
  const packages = await packagesImage(engine, subject, base, options, steps);
  const unfinished = unfinishedReference(reference);
  try {
    const image = await runStep('put the image together', progress, () =>
      assemble(engine, subject, { base, packages, unfinished, signal }),
    );
    await runStep('prove the contract', progress, () => probe(engine, unfinished, folder, signal));
    signal.throwIfAborted();
    await engine.tagImage(image.id, reference);
  } finally {
    await engine.removeImage(unfinished);
  }
  if (existing !== undefined) await removeReplaced(engine, existing.id);
  return {
    service: await findService(engine, `${folder.manifest.name}:${folder.manifest.version}`),
    changed: true,
    steps,
  };
}

async function packagesImage(
  engine: ContainerEngine,
  { recipe }: BuildSubject,
  base: BaseImage,
  { force, signal, onProgress }: BuildServiceOptions,
  times: StepTime[],
): Promise<ImageInfo> {
  const present = await engine.inspectImage(packagesReference(packagesDigest(recipe.packages, base.id)));
  if (present !== undefined && force !== true) return present;
  const packages = await runStep('install the packages', { onProgress, times }, async (onLine) =>
    buildPackages(engine, recipe.packages, {
      base,
      cacheFolder: await cacheFolder(),
      force: force === true,
      onLine,
      signal,
    }),
  );
  if (present !== undefined) await removeReplaced(engine, present.id);
  return packages;
}

interface Assembly {
  readonly base: BaseImage;
  readonly packages: ImageInfo;
  readonly unfinished: string;
  readonly signal: AbortSignal;
}

async function assemble(
  engine: ContainerEngine,
  subject: BuildSubject,
  { base, packages, unfinished, signal }: Assembly,
): Promise<ImageInfo> {
  const { folder, recipe, inputs } = subject;
  const config = imageConfig({
    below: packages,
    layers: inputs.layers,
    entrypoint: recipe.entrypoint,
    workdir: recipe.workdir,
    env: { ...folder.manifest.env, ...recipe.env },
    labels: labelsOf(subject, base),
    created: await createdTime(folder.root, signal),
  });
  const parts = { reference: unfinished, config, below: packages.layers, layers: inputs.layers };
  return loadImage(engine, parts, packagesReference(packagesDigest(recipe.packages, base.id)), signal);
}

/** A tag outside the registry's own repository: what carries it is not registered. One a service, so that the next build finds it. */
function unfinishedReference(reference: string): string {
  return reference.replace(/^nstack\//, 'nstack-unfinished/');
}

/** Removes what builds of this service that were killed have left: tags, images without one, instances. */
async function removeInterrupted(
  engine: ContainerEngine,
  { folder, reference }: BuildSubject,
): Promise<void> {
  const [images] = await Promise.all([
    engine.listImages(`${labels.name}=${folder.manifest.name}`),
    engine.sweep(),
  ]);
  const repository = unfinishedReference(reference).replace(/:[^:]*$/, ':');
  for (const { id, tags } of images) {
    for (const tag of tags.filter((one) => one.startsWith(repository))) await engine.removeImage(tag);
    if (tags.length === 0) await removeUnlessUsed(engine, id);
  }
}

/** An image that another one has taken the place of, where nothing names it any more. */
async function removeReplaced(engine: ContainerEngine, id: string): Promise<void> {
  const image = await engine.inspectImage(id);
  if (image?.tags.length === 0) await removeUnlessUsed(engine, id);
}
