import type { ContainerEngine, ImageInfo, SeenImage } from '../../engine/index.ts';
import { labels } from '../../registry/index.ts';
import { forgetUse, lastUse, notedTags, noteUse } from '../packages/last-use.ts';
import { deadStages, removeStage, removeUnlessUsed } from '../packages/leftovers.ts';
import { layersRepository } from '../packages/stage-images.ts';
import { freedBytes } from './freed-bytes.ts';
import type { Garbage } from './garbage.ts';
import { unfinishedBuilds } from './unfinished-builds.ts';
import { unusedPackages } from './unused-packages.ts';

export interface ImageGarbageOptions {
  readonly cacheFolder: string;
  /** Milliseconds since 1970: packages that a build used since are kept. */
  readonly since: number;
  readonly signal: AbortSignal;
}

/** The images that nstack made and nothing needs. What an instance runs is among the kept, since no engine removes it. */
export async function imageGarbage(
  engine: ContainerEngine,
  { cacheFolder, since, signal }: ImageGarbageOptions,
): Promise<readonly Garbage[]> {
  const [services, packages, stages, instances] = await Promise.all([
    engine.listImages(labels.name),
    packagesImages(engine),
    deadStages(engine),
    engine.instances.list(),
  ]);
  const running = new Set(instances.map(({ imageId }) => imageId));
  const uses = new Map(
    await Promise.all(
      packages.map(async (image) => [image.id, await lastUseOf(cacheFolder, image)] as const),
    ),
  );
  const unused = unusedPackages({ packages, services, lastUse: ({ id }) => uses.get(id), since });
  // Of the others the clock starts now: a later run knows that nobody has used them since.
  for (const image of packages)
    if (uses.get(image.id) === undefined) for (const tag of image.tags) await noteUse(cacheFolder, tag);
  await forgetGone(cacheFolder, packages);
  const replaced = services.filter(({ id, tags }) => tags.length === 0 && !running.has(id));
  const unfinished = await unfinishedBuilds(services, signal);

  const gone = new Set<ImageInfo>();
  const kept = () => [...services, ...packages].filter((image) => !gone.has(image));
  const bytesOf = (image: ImageInfo) => {
    gone.add(image);
    return freedBytes(image, kept());
  };
  const remove = (reference: string) => () => removeUnlessUsed(engine, reference);
  return [
    ...unfinished.map(({ image, tag }): Garbage => {
      const bytes = image.tags.length === 1 ? bytesOf(image) : 0;
      return { kind: 'unfinished', what: tag, bytes, why: 'its build is over', remove: remove(tag) };
    }),
    ...replaced.map((image): Garbage => {
      const why = `another image is ${image.labels[labels.name]} ${image.labels[labels.version]} now`;
      return { kind: 'replaced', what: image.id, bytes: bytesOf(image), why, remove: remove(image.id) };
    }),
    // From the top: what stands on another one goes before it.
    ...unused
      .toSorted((a, b) => b.layers.length - a.layers.length)
      .map((image): Garbage => {
        const why = `no service stands on it, and no build has used it since ${dayOf(uses.get(image.id))}`;
        const [tag = image.id] = image.tags;
        return { kind: 'packages', what: tag, bytes: bytesOf(image), why, remove: remove(tag) };
      }),
    ...stages.map((stage): Garbage => {
      const gone = () => removeStage(engine, stage);
      return { kind: 'stage', what: stage.id, bytes: 0, why: 'its build is over', remove: gone };
    }),
  ];
}

async function packagesImages(engine: ContainerEngine): Promise<readonly ImageInfo[]> {
  const seen = await engine.seeImages({ references: [layersRepository] });
  const found = await Promise.all(seen.map(({ id }: SeenImage) => engine.inspectImage(id)));
  // One that has a name of the user's beside is the user's too.
  return found.filter(
    (image) => image?.tags.every((tag) => tag.startsWith(`${layersRepository}:`)) === true,
  ) as readonly ImageInfo[];
}

/** Images that were removed otherwise leave their notes behind. */
async function forgetGone(cacheFolder: string, packages: readonly ImageInfo[]): Promise<void> {
  const there = new Set(packages.flatMap(({ tags }) => tags));
  const gone = (await notedTags(cacheFolder)).filter((tag) => !there.has(`${layersRepository}:${tag}`));
  await Promise.all(gone.map((tag) => forgetUse(cacheFolder, tag)));
}

async function lastUseOf(cacheFolder: string, { tags }: ImageInfo): Promise<number | undefined> {
  const uses = await Promise.all(tags.map((tag) => lastUse(cacheFolder, tag)));
  const known = uses.filter((use) => use !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function dayOf(time: number | undefined): string {
  return new Date(time ?? 0).toISOString().slice(0, 10);
}
