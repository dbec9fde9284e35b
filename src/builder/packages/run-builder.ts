import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type { BuildContext, PackageRecipe } from '../../stacks/index.ts';
import { contextTar } from './build-context.ts';
import { explainFailure } from './explain-failure.ts';
import type { HostNetwork } from './host-network.ts';
import { removeStages, stageLabel, stageMark } from './leftovers.ts';

export interface RunBuilderOptions {
  readonly network: HostNetwork;
  /** Do every step anew, though the builder remembers it. */
  readonly force: boolean;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Has the engine's own builder make an image, which `use` is given under a tag that is gone afterwards, as is all else that the builder leaves. The host's certificate
 * authorities and proxies reach the build stages as files and arguments of the builder, never the image. Fails with `package-unknown`, `network` or `build-failed`.
 */
export async function withBuiltImage<T>(
  engine: ContainerEngine,
  context: BuildContext,
  recipe: PackageRecipe,
  options: RunBuilderOptions,
  use: (reference: string, image: ImageInfo) => Promise<T>,
): Promise<T> {
  const { network, force, onLine, signal } = options;
  const mark = stageMark();
  const reference = `nstack-unfinished/layers:${mark}`;
  const output: string[] = [];
  try {
    await engine
      .buildImage(contextTar(context), {
        tag: reference,
        buildArgs: {
          ...network.proxies,
          NSTACK_STAGE: mark,
          NSTACK_REFRESH: force ? mark : '',
          ...(network.certificates === '' ? {} : { NSTACK_CERTIFICATES: network.certificates }),
        },
        labels: { [stageLabel]: mark },
        network: 'host',
        onProgress: ({ text }) => {
          output.push(text);
          if (output.length > 400) output.shift();
          onLine(text);
        },
        signal,
      })
      .catch((error: unknown) => {
        if (signal.aborted) throw error;
        throw explainFailure(recipe, output) ?? error;
      });
    const image = await engine.inspectImage(reference);
    if (image === undefined)
      throw new NstackError(
        'build-failed',
        `the container engine lost the image ${reference} that it has just built`,
      );
    return await use(reference, image);
  } finally {
    await removeStages(engine, mark);
  }
}
