import { createHash } from 'node:crypto';
import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type { PackageRecipe } from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import { contextTar } from './build-context.ts';
import { debianIndex } from './debian-index.ts';
import { readHostNetwork } from './host-network.ts';
import { removeStages, stageMark } from './leftovers.ts';

/** The repository of the images that hold packages, or a toolchain, alone; the tag is the digest of what was asked for. */
const repository = 'nstack/layers';

export interface PackagesImageOptions {
  /** The image that packages are resolved for. */
  readonly base: BaseImage;
  /** The image that these are installed on: the base, or what stands on it. */
  readonly below: BaseImage;
  readonly cacheFolder: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
  /** Install anew, with what is newest now, though an image is there. */
  readonly force: boolean;
}

/** The reference of the image with these packages on the image below: equal inputs, equal reference. */
export function packagesReference(packages: PackageRecipe, belowId: string): string {
  const digest = createHash('sha256').update(`${belowId}\n${packages.key}`).digest('hex');
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
  const { base, below, onLine, signal } = options;
  const reference = packagesReference(packages, below.id);
  const network = await readHostNetwork();
  const context = await packages.render({
    base: below.reference,
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
