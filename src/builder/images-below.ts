import type { ContainerEngine } from '../engine/index.ts';
import { noPackages } from '../stacks/index.ts';
import type { BuildSubject } from './build-subject.ts';
import type { LockOfBuild } from './lock/build-lock.ts';
import { packagesOf } from './packages/installed.ts';
import { type PackagesImage, type PackagesStep, packagesImage } from './packages/packages-step.ts';

/** What a service's own layers stand on, and what its code is compiled with; no toolchain where the language needs none. */
export interface ImagesBelow {
  readonly packages: PackagesImage;
  readonly toolchain: PackagesImage | undefined;
}

export type ImagesStage = Omit<PackagesStep, 'step' | 'versions' | 'known'>;

/** The images that are there, or new ones, with what the lock says. */
export async function imagesBelow(
  engine: ContainerEngine,
  { recipe }: BuildSubject,
  locking: LockOfBuild,
  stage: ImagesStage,
): Promise<ImagesBelow> {
  const { base, below } = stage;
  const packages = await packagesImage(engine, recipe.packages, {
    ...stage,
    step: 'install the packages',
    versions: locking.versions('packages', below),
    known: below.parent === undefined ? noPackages : packagesOf(below.parent.image),
  });
  const { compile } = recipe;
  if (compile === undefined) return { packages, toolchain: undefined };
  const onBase = compile.toolchain.on === 'base';
  const ground = onBase ? base : { reference: packages.reference, id: packages.image.id };
  const toolchain = await packagesImage(engine, compile.toolchain, {
    ...stage,
    below: ground,
    step: 'prepare the compiler',
    versions: locking.versions('toolchain', ground),
    known: onBase ? noPackages : packagesOf(packages.image),
  });
  return { packages, toolchain };
}
