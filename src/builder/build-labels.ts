import type { ImageInfo } from '../engine/index.ts';
import { manifestToJson } from '../manifest/index.ts';
import { labels } from '../registry/index.ts';
import { printApi } from '../types/index.ts';
import type { BaseImage } from './base/base-image.ts';
import { buildLabels } from './build-label-names.ts';
import { type BuildSubject, inputsDigest } from './build-subject.ts';
import { type LayerRecord, layersLabel } from './image/layer-records.ts';
import { packagesOf } from './packages/installed.ts';

/** What a service's image is made of. */
export interface ServiceParts {
  readonly base: BaseImage;
  /** The image below its own layers. */
  readonly packages: ImageInfo;
  /** What its code was compiled with. */
  readonly toolchain: ImageInfo | undefined;
  /** All layers of the image. */
  readonly records: readonly LayerRecord[];
}

/** What an image says of itself: all that the registry and a later build need to know. */
export function labelsOf(
  subject: BuildSubject,
  { base, packages, toolchain, records }: ServiceParts,
): Readonly<Record<string, string>> {
  const { folder, inputs } = subject;
  const { manifest } = folder;
  return {
    [labels.name]: manifest.name,
    [labels.version]: manifest.version,
    [labels.stack]: manifest.stack.language,
    [labels.manifest]: manifestToJson(manifest),
    [labels.api]: printApi(manifest.api),
    [labels.inputs]: inputsDigest(subject, base.id),
    [buildLabels.source]: inputs.source,
    [buildLabels.base]: base.id,
    [labels.packages]: JSON.stringify(packagesOf(packages)),
    ...(toolchain === undefined ? {} : { [labels.builtWith]: JSON.stringify(packagesOf(toolchain)) }),
    ...layersLabel(records),
  };
}
