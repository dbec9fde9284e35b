import { buffer } from 'node:stream/consumers';
import { NstackError } from '../../core/index.ts';
import { type Manifest, manifestFromJson } from '../../manifest/index.ts';
import { compareVersions, isVersion } from '../compare-versions.ts';
import { jsonObject } from '../oci/bounded-body.ts';
import { type RemoteImage, readImage } from '../oci/image-manifest.ts';
import type { OciRegistry } from '../oci/oci-registry.ts';
import { labels } from '../service.ts';

/** A service as a registry holds it, read without its layers. */
export interface PublishedService {
  readonly name: string;
  readonly version: string;
  /** `registry.example.com/team/clickanalytics:1.2.0` */
  readonly reference: string;
  readonly manifest: Manifest;
  /** All labels of the image. */
  readonly labels: Readonly<Record<string, string>>;
  /** Digest of the image's manifest. */
  readonly digest: string;
  /** ISO 8601; empty where the image does not say. */
  readonly built: string;
  /** Bytes that pulling all of it takes. */
  readonly size: number;
  /** Diff ids, base first. */
  readonly layers: readonly string[];
  /** The exact text of the config; its digest is the image's id. */
  readonly config: string;
  readonly image: RemoteImage;
}

/** Labels hold an API and a list of packages; more than this is no service. */
const mostConfigBytes = 16 * 1024 * 1024;

/** Versions that a repository holds, the lowest first; tags that are no version are left out. */
export async function publishedVersions(
  registry: OciRegistry,
  repository: string,
): Promise<readonly string[]> {
  return (await registry.tags(repository)).filter(isVersion).toSorted(compareVersions);
}

/** A version as it is, and for `1.2` the newest that begins so; without one the newest. Fails with `service-unknown`. */
export async function fullVersion(
  registry: OciRegistry,
  repository: string,
  version: string | undefined,
): Promise<string> {
  if (version !== undefined && isVersion(version)) return version;
  const versions = await publishedVersions(registry, repository);
  const fitting = versions.filter((one) => version === undefined || one.startsWith(`${version}.`));
  const newest = fitting.findLast((one) => !one.includes('-')) ?? fitting.at(-1);
  if (newest !== undefined) return newest;
  throw unknownService(
    registry.host,
    version === undefined ? repository : `${repository}:${version}`,
    versions,
  );
}

/** There is no such service in a registry; says which versions there are. */
export function unknownService(host: string, wanted: string, versions: readonly string[]): NstackError {
  return new NstackError('service-unknown', `the registry ${host} has no ${wanted}`, {
    hint:
      versions.length === 0
        ? `nstack list --registry=${host} lists what it has.`
        : `It has ${versions.slice(-8).join(', ')}.`,
  });
}

/**
 * What a registry holds as a service in one version: two small requests. Undefined where there is nothing of that tag; fails with `service-unknown` where
 * it is no service of nstack's, with `manifest-invalid` where its labels are broken, and as {@link OciRegistry} does.
 */
export async function publishedService(
  registry: OciRegistry,
  repository: string,
  version: string,
): Promise<PublishedService | undefined> {
  const image = await readImage(registry, repository, version);
  if (image === undefined) return undefined;
  const reference = `${registry.host}/${repository}:${version}`;
  if (image.config.size > mostConfigBytes) throw noService(reference);
  const bytes = await buffer(await registry.blob(repository, image.config));
  const config = parseConfig(bytes);
  const [name, text] = [config.labels[labels.name], config.labels[labels.manifest]];
  if (name === undefined || text === undefined) throw noService(reference);
  const manifest = manifestFromJson(text);
  if (manifest.name !== name || config.layers.length !== image.layers.length)
    throw new NstackError('manifest-invalid', `the labels of ${reference} are not those of its image`, {
      hint: 'have whoever owns it build and push it again',
    });
  return Object.freeze<PublishedService>({
    name,
    version: manifest.version,
    reference,
    manifest,
    labels: config.labels,
    digest: image.descriptor.digest,
    built: config.created,
    size: [image.config, ...image.layers].reduce((sum, { size }) => sum + size, 0),
    layers: config.layers,
    config: bytes.toString('utf8'),
    image,
  });
}

/** Whoever pushed it wrote it: what is missing or of another kind says nothing. */
function parseConfig(bytes: Uint8Array) {
  const { config, rootfs, created } = objectOf(bytes);
  const { Labels } = (config ?? {}) as { readonly Labels?: unknown };
  const { diff_ids: diffIds } = (rootfs ?? {}) as { readonly diff_ids?: unknown };
  return {
    labels: textsOf(Labels),
    layers: Array.isArray(diffIds) ? diffIds.filter((one) => typeof one === 'string') : [],
    created: typeof created === 'string' ? created : '',
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function objectOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return jsonObject(bytes);
  } catch {
    return {};
  }
}

function noService(reference: string): NstackError {
  return new NstackError('service-unknown', `${reference} is an image, and no service of nstack`);
}
