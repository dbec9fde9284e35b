import { NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { readManifest } from '../../manifest/index.ts';
import {
  compareVersions,
  findService,
  fullVersion,
  type OciRegistry,
  type PublishedReference,
  parsePublishedReference,
  publishedService,
  publishedVersions,
} from '../../registry/index.ts';
import { factsOf, type ServiceFacts } from './service-facts.ts';

/** Where services are looked for. Both are connected to when they are needed, once. */
export interface Places {
  readonly engine: () => Promise<ContainerEngine>;
  readonly registry: (host: string) => OciRegistry;
}

/** A service's folder: what its nstack.yaml declares. Fails as {@link readManifest} does. */
export async function folderSide(folder: string): Promise<ServiceFacts> {
  const { manifest } = await readManifest(folder);
  return factsOf(`the folder ${folder}`, manifest, {});
}

/** What a reference names: `Name` and `Name:1.2.0` a service that is built here, `HOST/PATH/Name:1.2.0` one in a registry. Fails with `service-unknown`, ... */
export async function referencedSide(reference: string, places: Places): Promise<ServiceFacts> {
  const published = parsePublishedReference(reference);
  return published === undefined ? builtSide(reference, places) : publishedSide(published, places);
}

/** A service that is built here. */
export async function builtSide(reference: string, { engine }: Places): Promise<ServiceFacts> {
  const connected = await engine();
  const service = await findService(connected, reference);
  const image = await connected.inspectImage(service.imageId);
  return factsOf('built here', service.manifest, image?.labels ?? {});
}

/**
 * A service in a registry: in the version that is named, otherwise in the newest that is not above `most`. Fails with `service-unknown`, saying what
 * is there.
 */
export async function publishedSide(
  { host, repository, version }: PublishedReference,
  places: Places,
  most?: string,
): Promise<ServiceFacts> {
  const registry = places.registry(host);
  const chosen =
    version === undefined
      ? await newest(registry, repository, most)
      : await fullVersion(registry, repository, version);
  const found = await publishedService(registry, repository, chosen);
  if (found !== undefined) return factsOf(found.reference, found.manifest, found.labels);
  const versions = await publishedVersions(registry, repository);
  throw new NstackError('service-unknown', `${host} has no ${repository}:${chosen}`, {
    hint: versions.length === 0 ? 'It has no version of it.' : `It has ${versions.join(', ')}.`,
  });
}

async function newest(registry: OciRegistry, repository: string, most?: string): Promise<string> {
  const versions = await publishedVersions(registry, repository);
  const chosen = versions
    .filter((version) => most === undefined || compareVersions(version, most) <= 0)
    .at(-1);
  if (chosen !== undefined) return chosen;
  if (versions.length === 0)
    throw new NstackError('service-unknown', `${registry.host} has no version of ${repository}`, {
      hint: '`nstack push` sends the one that is built here.',
    });
  throw new NstackError('service-unknown', `${registry.host} has no ${repository} up to ${most}`, {
    hint: `It has ${versions.join(', ')}: name the one that is meant.`,
  });
}
