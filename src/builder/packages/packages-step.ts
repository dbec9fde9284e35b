import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import {
  type InstalledPackages,
  noPackages,
  type PackageInputs,
  type PackageRecipe,
} from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import type { BuildServiceOptions } from '../build-subject.ts';
import type { BuildCache } from '../cache/build-cache.ts';
import { cacheFolder } from '../cache-folder.ts';
import { runStep, type StepTime } from '../progress.ts';
import { withServiceLock } from '../service-lock.ts';
import { packagesBeyond, packagesOf } from './installed.ts';
import { noteUse } from './last-use.ts';
import { removeReplaced } from './leftovers.ts';
import { buildPackages, buildToolchain, packagesReference } from './packages-image.ts';

/** What a service stands on. */
export interface Ground {
  /** What Debian's packages are resolved for, and compilers stand on. */
  readonly base: BaseImage;
  /** What the service's packages stand on: its parent, or the base. */
  readonly below: BaseImage;
}

/** Which versions are to be installed. */
export type Versions = Pick<PackageInputs, 'preferred' | 'asOf'> & {
  /** Just these; `check` fails with `lock-differs` where an image has something else. */
  readonly exact?: {
    readonly packages: InstalledPackages;
    snapshot: NonNullable<PackageInputs['snapshot']>;
    check(beyond: InstalledPackages, all: InstalledPackages): Promise<void>;
  };
  /** Install anew, with what is newest now, though an image is there. */
  readonly refresh: boolean;
};

export interface PackagesStep extends Ground {
  /** What the step is called. */
  readonly step: string;
  readonly versions: Versions;
  /** What the image below has already. */
  readonly known: InstalledPackages;
  /** Where such an image is looked for before it is made. */
  readonly cache: BuildCache | undefined;
  readonly options: Pick<BuildServiceOptions, 'onProgress' | 'signal'>;
  readonly times: StepTime[];
  /** Waited for before anything is installed. */
  ready(): Promise<void>;
}

export interface PackagesImage {
  readonly reference: string;
  /** All references that builds look for it by: with a lock, and without one. */
  readonly references: readonly string[];
  readonly image: ImageInfo;
  /** What it has beyond the image below. */
  readonly installed: InstalledPackages;
}

/** The image of a recipe's packages on the image below: the one that is there, or a new one. One of just these versions bears the reference that a lock of them leads to. */
export async function packagesImage(
  engine: ContainerEngine,
  recipe: PackageRecipe,
  job: PackagesStep,
): Promise<PackagesImage> {
  const { below, known, versions, options, times } = job;
  if (below.parent !== undefined && !recipe.adds)
    return { reference: below.reference, references: [], image: below.parent.image, installed: noPackages };
  const { signal, onProgress } = options;
  const reference = packagesReference(recipe, below.id, versions.exact?.packages ?? versions.preferred);
  const [present] = await Promise.all([
    engine.inspectImage(reference),
    cacheFolder().then((folder) => noteUse(folder, reference)),
  ]);
  const isThere = present !== undefined && !versions.refresh;
  if (!isThere) await job.ready();
  const image = isThere
    ? present
    : await runStep(job.step, { onProgress, times }, (onLine) => {
        const onWait = (pid: string) => onLine(`process ${pid} installs the same packages: waiting for it`);
        // Services that ask for the same share an image, also where they are built at the same time.
        return withServiceLock(reference, { onWait, signal }, async () => {
          const made = versions.refresh
            ? undefined
            : ((await engine.inspectImage(reference)) ?? (await job.cache?.fetch(reference, onLine)));
          return made ?? install(engine, recipe, job, onLine);
        });
      });
  const installed = packagesBeyond(known, packagesOf(image));
  // The next build has the lock of these, and nothing to install.
  const own = versions.exact === undefined ? [packagesReference(recipe, below.id, installed)] : [];
  // What is newest now is so for builds without a lock as well.
  const newest = versions.refresh ? [packagesReference(recipe, below.id)] : [];
  const replaced = [present, ...(await takeOver(engine, image, [...own, ...newest]))];
  for (const { id } of replaced.filter((one) => one !== undefined))
    if (id !== image.id) await removeReplaced(engine, id);
  for (const one of own) await noteUse(await cacheFolder(), one);
  return { reference: own[0] ?? reference, references: [reference, ...own], image, installed };
}

/** Gives an image more references, and answers the images that had them. */
function takeOver(
  engine: ContainerEngine,
  image: ImageInfo,
  references: readonly string[],
): Promise<readonly (ImageInfo | undefined)[]> {
  return Promise.all(
    references.map(async (reference) => {
      const former = await engine.inspectImage(reference);
      await engine.tagImage(image.id, reference);
      return former;
    }),
  );
}

async function install(
  engine: ContainerEngine,
  recipe: PackageRecipe,
  { base, below, known, versions, options }: PackagesStep,
  onLine: (line: string) => void,
): Promise<ImageInfo> {
  const { exact, preferred, asOf, refresh } = versions;
  const make = 'on' in recipe ? buildToolchain : buildPackages;
  let broken = false;
  const attempt = async (pinAll: boolean) =>
    make(engine, recipe, {
      base,
      below,
      cacheFolder: await cacheFolder(),
      force: refresh,
      onLine,
      signal: options.signal,
      ...(preferred === undefined ? {} : { preferred }),
      ...(asOf === undefined ? {} : { asOf }),
      ...(exact === undefined
        ? {}
        : {
            locked: exact.packages,
            snapshot: exact.snapshot,
            pinAll,
            accept: (image: ImageInfo) => {
              const all = packagesOf(image);
              return exact.check(packagesBeyond(known, all), all).catch((error: unknown) => {
                broken = true;
                throw error;
              });
            },
          }),
    });
  try {
    return await attempt(false);
  } catch (error) {
    if (exact === undefined || !(error instanceof NstackError)) throw error;
    if (error.code === 'package-unknown') throw notToBeHad(error);
    // What Debian's list said, or what the builder remembers, was of another day; files that differ will differ again.
    if (!broken) throw error;
    onLine('other versions came than those that are locked; asking for each of them by name');
    return attempt(true);
  }
}

/** A registry that does not have what a lock names. */
function notToBeHad(error: NstackError): NstackError {
  return new NstackError('lock-differs', `what nstack.lock says is not to be had: ${error.message}`, {
    cause: error,
    diagnostics: error.diagnostics,
    hint: 'take what there is now with `nstack upgrade`, which says what changes',
  });
}
