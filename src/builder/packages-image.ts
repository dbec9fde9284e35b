import { createHash } from 'node:crypto';
import { NstackError } from '../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../engine/index.ts';
import type { PackageRecipe } from '../stacks/index.ts';
import type { BaseImage } from './base-image.ts';
import { contextTar } from './build-context.ts';
import { debianIndex } from './debian-index.ts';
import { readHostNetwork } from './host-network.ts';
import { removeStages, stageMark } from './leftovers.ts';

/** The repository of the images that hold packages alone; the tag is the digest of what was asked for. */
const repository = 'nstack/layers';

export interface PackagesImageOptions {
  readonly base: BaseImage;
  readonly cacheFolder: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
  /** Install anew, with what is newest now, though an image is there. */
  readonly force: boolean;
}

/** Digest of a service's packages on a base: equal digest, equal image. */
export function packagesDigest(packages: PackageRecipe, baseId: string): string {
  return createHash('sha256').update(`${baseId}\n${packages.key}`).digest('hex');
}

/** The reference of the image with that digest. */
export function packagesReference(digest: string): string {
  return `${repository}:${digest.slice(0, 32)}`;
}

/**
 * Installs the packages with the engine's own builder, and tags the image when it is whole. The host's certificate authorities and
 * proxies reach the build stages as files and arguments of the builder, never the image. Fails with `package-unknown`, `network` or `build-failed`.
 */
export async function buildPackages(
  engine: ContainerEngine,
  packages: PackageRecipe,
  options: PackagesImageOptions,
): Promise<ImageInfo> {
  const reference = packagesReference(packagesDigest(packages, options.base.id));
  const { base, onLine, signal } = options;
  const network = await readHostNetwork();
  const context = await packages.render({
    base: base.reference,
    certificates: network.certificates,
    index: () =>
      debianIndex(engine, {
        base,
        folder: options.cacheFolder,
        network,
        onLine,
        signal,
        refresh: options.force,
      }),
  });
  const mark = stageMark();
  const output: string[] = [];
  try {
    await engine.buildImage(contextTar(context), {
      tag: reference,
      buildArgs: {
        ...network.proxies,
        NSTACK_STAGE: mark,
        NSTACK_REFRESH: options.force ? mark : '',
        ...(network.certificates === '' ? {} : { NSTACK_CERTIFICATES: network.certificates }),
      },
      labels: {},
      network: 'host',
      onProgress: ({ text }) => {
        output.push(text);
        if (output.length > 400) output.shift();
        onLine(text);
      },
      signal,
    });
  } catch (error) {
    throw (signal.aborted ? undefined : packages.explain(output.join('\n'))) ?? error;
  } finally {
    await removeStages(engine, mark);
  }
  const image = await engine.inspectImage(reference);
  if (image !== undefined) return image;
  throw new NstackError(
    'build-failed',
    `the container engine lost the image ${reference} that it has just built`,
  );
}
