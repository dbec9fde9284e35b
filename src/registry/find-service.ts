import { NstackError, nearestWord } from '../core/index.ts';
import type { ContainerEngine, SeenImage } from '../engine/index.ts';
import { compareVersions, isVersion } from './compare-versions.ts';
import { imageReference, imageRepository } from './image-reference.ts';
import { listServices } from './list-services.ts';
import { registeredService } from './registered-service.ts';
import { labels, type RegisteredService } from './service.ts';

/**
 * The service that a reference names: `Name` or `org/Name` in its newest version, `Name:1.2.0` in exactly that one. Fails with
 * `service-unknown`, naming what is near, or `manifest-invalid` where its image has been tampered with.
 */
export async function findService(engine: ContainerEngine, reference: string): Promise<RegisteredService> {
  const { name, version } = splitServiceReference(reference);
  const found = version === undefined ? await newest(engine, name) : await exactly(engine, name, version);
  return found ?? (await unknown(engine, name, version));
}

/** Fails with `manifest-invalid` where a service is built here whose name differs from this one in case alone: they would share an image. */
export function refuseNameInOtherCase(images: readonly SeenImage[], name: string): void {
  const taken = images
    .filter(({ tags }) => tags.some((tag) => tag.startsWith(`${imageRepository(name)}:`)))
    .map((image) => image.labels[labels.name])
    .find((other) => other !== undefined && other !== name && other.toLowerCase() === name.toLowerCase());
  if (taken === undefined) return;
  throw new NstackError('manifest-invalid', `the name ${name} differs from that of ${taken} in case alone`, {
    hint: `Name it ${taken}, or otherwise; or remove the other one first.`,
  });
}

const namePattern = /^(?:[A-Za-z0-9_-]+\/)?[A-Za-z0-9_.-]+$/;

/** Reads `Name`, `org/Name` or `Name:1.2.0`; fails with `usage`. */
export function splitServiceReference(reference: string): {
  readonly name: string;
  readonly version: string | undefined;
} {
  const colon = reference.indexOf(':');
  const name = colon < 0 ? reference : reference.slice(0, colon);
  const version = colon < 0 ? undefined : reference.slice(colon + 1);
  if (namePattern.test(name) && (version === undefined || isVersion(version))) return { name, version };
  throw new NstackError('usage', `${JSON.stringify(reference)} names no service`, {
    hint: 'Write Name, org/Name or Name:1.2.0.',
  });
}

async function exactly(
  engine: ContainerEngine,
  name: string,
  version: string,
): Promise<RegisteredService | undefined> {
  const image = await engine.inspectImage(imageReference(name, version));
  const service = image === undefined ? undefined : registeredService(image);
  return service?.name === name ? service : undefined;
}

async function newest(engine: ContainerEngine, name: string): Promise<RegisteredService | undefined> {
  const images = await engine.listImages(`${labels.name}=${name}`);
  const newestFirst = images.toSorted((a, b) =>
    compareVersions(b.labels[labels.version] ?? '', a.labels[labels.version] ?? ''),
  );
  for (const image of newestFirst) {
    const service = registeredService(image);
    if (service !== undefined) return service;
  }
  return undefined;
}

async function unknown(engine: ContainerEngine, name: string, version: string | undefined): Promise<never> {
  const services = await listServices(engine);
  const versions = services.filter((service) => service.name === name).map((service) => service.version);
  if (version !== undefined && versions.length > 0) {
    throw new NstackError('service-unknown', `${name} has no version ${version} here`, {
      hint: `It has ${versions.join(', ')}.`,
    });
  }
  throw new NstackError('service-unknown', `there is no service ${name} here`, {
    hint: hintFor(name, [...new Set(services.map((service) => service.name))]),
  });
}

const namesListed = 8;

/** The nearest name, with or without its organisation; otherwise what there is. */
function hintFor(name: string, names: readonly string[]): string {
  if (names.length === 0) return 'None is built yet: `nstack build` builds the one in a folder.';
  const sameName = names.find((one) => one.slice(one.indexOf('/') + 1) === name);
  const near = sameName ?? nearestWord(name, names);
  if (near !== undefined) return `Did you mean ${near}?`;
  const more = names.length > namesListed ? ', ... (`nstack list` lists them all)' : '';
  return `There are ${names.slice(0, namesListed).join(', ')}${more}.`;
}
