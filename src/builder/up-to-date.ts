import { NstackError } from '../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../engine/index.ts';
import type { Manifest } from '../manifest/index.ts';
import { labels, type RegisteredService } from '../registry/index.ts';
import type { ServiceFolder } from '../stacks/index.ts';
import { type BaseImage, baseReference } from './base/base-image.ts';
import { buildLabels } from './build-labels.ts';
import type { BuildSubject } from './build-subject.ts';
import { findParent } from './parent/find-parent.ts';

/** The image that a service stands on: its parent's, or the base. Undefined where the base has not been made yet. */
export async function presentBase(
  engine: ContainerEngine,
  folder: ServiceFolder,
): Promise<BaseImage | undefined> {
  const parent = await findParent(engine, folder);
  if (parent !== undefined) return { reference: parent.service.image, id: parent.image.id, parent };
  const image = await engine.inspectImage(baseReference);
  return image === undefined ? undefined : { reference: baseReference, id: image.id };
}

/** The registered service where the existing image is what a build would make. A release of the same source always is. */
export function upToDate(
  { folder: { manifest }, inputs, reference }: BuildSubject,
  existing: ImageInfo | undefined,
  base: BaseImage | undefined,
  force: boolean,
): RegisteredService | undefined {
  if (existing === undefined || existing.labels[labels.name] !== manifest.name) return undefined;
  if (isRelease(manifest.version)) {
    if (existing.labels[buildLabels.source] !== inputs.source || force) throw releaseExists(manifest, force);
  } else if (force || base === undefined || existing.labels[labels.inputs] !== inputs.digest(base.id))
    return undefined;
  return {
    name: manifest.name,
    version: manifest.version,
    image: reference,
    imageId: existing.id,
    manifest,
    built: existing.created,
    size: existing.size,
  };
}

export function isRelease(version: string): boolean {
  return !version.endsWith('-SNAPSHOT');
}

function releaseExists({ name, version }: Manifest, force: boolean): NstackError {
  const why = force ? 'a release is never built again' : 'this folder differs from what it was built of';
  return new NstackError(
    'release-exists',
    `${name} ${version} is a release that is built already, and ${why}`,
    {
      hint: `raise \`version\` in nstack.yaml (to work on it: ${version}-SNAPSHOT, which may be built as often as you like)`,
    },
  );
}
