import { NstackError } from '../../core/index.ts';
import { isVersion } from '../compare-versions.ts';

/** A registry, and perhaps a path in it, below which services are: `registry.example.com/team`. */
export interface RegistryPlace {
  /** `registry.example.com`, `localhost:5000` */
  readonly host: string;
  readonly path: readonly string[];
}

/** A service in a registry, in one version or any. */
export interface PublishedReference {
  readonly host: string;
  /** `team/clickanalytics`: repositories know no capitals. */
  readonly repository: string;
  /** `1.2.0`, or `1` or `1.2`: the newest that begins so. */
  readonly version: string | undefined;
}

/** A name with a dot or a port, localhost, or an IPv6 address: what engines take for a registry instead of a path on Docker Hub. */
const hostPattern =
  /^(?:localhost|(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z0-9][A-Za-z0-9-]*|[A-Za-z0-9][A-Za-z0-9-]*(?=:)|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;
const partPattern = /^[a-z0-9]+([._-]+[a-z0-9]+)*$/;

/** Reads `HOST[:PORT][/PATH]`; fails with `usage`. */
export function parseRegistryPlace(text: string): RegistryPlace {
  const [host = '', ...path] = text
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .split('/');
  if (hostPattern.test(host) && path.every((part) => partPattern.test(part))) return { host, path };
  throw new NstackError('usage', `${JSON.stringify(text)} is no registry`, {
    hint: 'name its host, and a path where it has one: registry.example.com/team, localhost:5000',
  });
}

/** Where a service of that name is below a place. */
export function repositoryOf({ path }: RegistryPlace, name: string): string {
  return [...path, name.toLowerCase()].join('/');
}

/**
 * Reads `HOST[:PORT]/PATH/Name[:VERSION]`; undefined where the text names no registry: it is a service's own name then. A part of a version, `1.2`, stands for the newest that
 * begins so. Fails with `usage`.
 */
export function parsePublishedReference(text: string): PublishedReference | undefined {
  const [host = '', ...rest] = text.replace(/^https?:\/\//, '').split('/');
  if (rest.length === 0 || !hostPattern.test(host)) return undefined;
  const { repository, version } = parseRest(text, rest.join('/'));
  return { host, repository, version };
}

/** The same, or `Name[:VERSION]` of a service below a place. Fails with `usage`. */
export function parseReferenceAt(text: string, place: RegistryPlace | undefined): PublishedReference {
  const whole = parsePublishedReference(text);
  if (whole !== undefined) return whole;
  if (place === undefined) throw noService(text);
  const { repository, version } = parseRest(text, text);
  return { host: place.host, repository: repositoryOf(place, repository), version };
}

function parseRest(text: string, rest: string) {
  const [name = '', version, ...more] = rest.split(':');
  const repository = name.toLowerCase();
  const isName = repository.split('/').every((part) => partPattern.test(part));
  const isKnown = version === undefined || isVersion(version) || /^\d+(\.\d+)?$/.test(version);
  if (isName && more.length === 0 && isKnown) return { repository, version };
  throw noService(text);
}

function noService(text: string): NstackError {
  return new NstackError('usage', `${JSON.stringify(text)} names no service in a registry`, {
    hint: 'Write registry.example.com/team/Name, or with a version: registry.example.com/team/Name:1.2.0.',
  });
}
