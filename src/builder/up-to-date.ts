import { NstackError } from '../core/index.ts';
import type { SeenImage } from '../engine/index.ts';
import type { RegisteredService } from '../registry/index.ts';
import { labels } from '../registry/service.ts';
import type { BaseImage } from './base/base-image.ts';
import { buildLabels } from './build-label-names.ts';
import { type BuildSubject, inputsDigest } from './build-subject.ts';

/** What is known of a service where an image has to be judged. */
export interface JudgedService {
  readonly name: string;
  readonly version: string;
  /** Digest of the author's part of the inputs. */
  readonly source: string;
  /** Digest of all of them; undefined where there is no base image yet. */
  readonly inputs: string | undefined;
}

/**
 * Whether the existing image is what a build would make. A release of the same source always is, whatever it was built on. Fails with
 * `release-exists` where it is a release of another source.
 */
export function isUpToDate(
  { name, version, source, inputs }: JudgedService,
  existing: SeenImage | undefined,
  force: boolean,
): boolean {
  if (existing === undefined || existing.labels[labels.name] !== name) return false;
  if (!isRelease(version)) return !force && inputs !== undefined && existing.labels[labels.inputs] === inputs;
  if (existing.labels[buildLabels.source] !== source || force) throw releaseExists(name, version, force);
  return true;
}

/** The registered service where the existing image is what a build would make. */
export function upToDate(
  subject: BuildSubject,
  existing: SeenImage | undefined,
  base: BaseImage | undefined,
  force: boolean,
): RegisteredService | undefined {
  const { folder, inputs, reference } = subject;
  const { manifest } = folder;
  const { name, version } = manifest;
  const { source } = inputs;
  const digest = base === undefined ? undefined : inputsDigest(subject, base.id);
  if (!isUpToDate({ name, version, source, inputs: digest }, existing, force) || existing === undefined)
    return undefined;
  const { id: imageId, created: built, size } = existing;
  return { name, version, image: reference, imageId, manifest, built, size };
}

export function isRelease(version: string): boolean {
  return !version.endsWith('-SNAPSHOT');
}

function releaseExists(name: string, version: string, force: boolean): NstackError {
  const why = force ? 'a release is never built again' : 'this folder differs from what it was built of';
  return new NstackError(
    'release-exists',
    `${name} ${version} is a release that is built already, and ${why}`,
    {
      hint: `raise \`version\` in nstack.yaml (to work on it: ${version}-SNAPSHOT, which may be built as often as you like)`,
    },
  );
}
