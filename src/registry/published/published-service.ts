import { NstackError } from '../../core/index.ts';
import { type Manifest, manifestFromJson } from '../../manifest/index.ts';
import { compareVersions, isVersion } from '../compare-versions.ts';
import type { Descriptor, OciRegistry } from '../oci/oci-registry.ts';
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
  /** Digest of what the tag names. */
  readonly digest: string;
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

/**
 * What a registry holds as a service in one version: two small requests. Undefined where there is nothing of that tag; fails with `service-unknown` where
 * it is no service of nstack's, with `manifest-invalid` where its labels are broken, and as {@link OciRegistry} does.
 */
export async function publishedService(
  registry: OciRegistry,
  repository: string,
  version: string,
): Promise<PublishedService | undefined> {
  const reference = `${registry.host}/${repository}:${version}`;
  const found = await registry.manifest(repository, version);
  if (found === undefined) return undefined;
  const imageLabels = await labelsOf(registry, repository, found.bytes);
  const [name, text] = [imageLabels[labels.name], imageLabels[labels.manifest]];
  if (name === undefined || text === undefined)
    throw new NstackError('service-unknown', `${reference} is an image, and no service of nstack`);
  const manifest = manifestFromJson(text);
  return Object.freeze({
    name,
    version: manifest.version,
    reference,
    manifest,
    labels: imageLabels,
    digest: found.descriptor.digest,
  });
}

/** The labels of the image that a manifest describes; none where it describes something else. */
async function labelsOf(
  registry: OciRegistry,
  repository: string,
  bytes: Uint8Array,
): Promise<Readonly<Record<string, string>>> {
  const { config } = parseJson(bytes) as { readonly config?: Partial<Descriptor> };
  if (typeof config?.digest !== 'string' || !(Number(config.size) <= mostConfigBytes)) return {};
  const blob = await registry.blob(repository, { mediaType: '', size: 0, ...config, digest: config.digest });
  const chunks: Buffer[] = [];
  for await (const chunk of blob) chunks.push(chunk);
  const image = parseJson(Buffer.concat(chunks)) as { readonly config?: { readonly Labels?: unknown } };
  const found = image.config?.Labels;
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Whoever pushed it wrote it: what is no JSON object says nothing. */
function parseJson(bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
