import { manifestToJson } from '../manifest/index.ts';
import { labels } from '../registry/index.ts';
import { printApi } from '../types/index.ts';
import type { BaseImage } from './base/base-image.ts';
import { buildLabels } from './build-label-names.ts';
import type { BuildSubject } from './build-subject.ts';

/** What an image says of itself: all that the registry and a later build need to know. */
export function labelsOf(
  { folder, inputs }: BuildSubject,
  base: BaseImage,
): Readonly<Record<string, string>> {
  const { manifest } = folder;
  return {
    [labels.name]: manifest.name,
    [labels.version]: manifest.version,
    [labels.stack]: manifest.stack.language,
    [labels.manifest]: manifestToJson(manifest),
    [labels.api]: printApi(manifest.api),
    [labels.inputs]: inputs.digest(base.id),
    [buildLabels.source]: inputs.source,
    [buildLabels.base]: base.id,
  };
}
