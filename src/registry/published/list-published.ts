import { NstackError } from '../../core/index.ts';
import { parseApi, printApi } from '../../types/index.ts';
import { compareVersions, isVersion } from '../compare-versions.ts';
import { readImage } from '../oci/image-manifest.ts';
import { mapAtMost } from '../oci/map-at-most.ts';
import type { OciRegistry } from '../oci/oci-registry.ts';
import { labels } from '../service.ts';
import { publishedService, publishedVersions } from './published-service.ts';

/** A line of the list of a registry's services, from the annotations of the image's manifest alone. */
export interface PublishedEntry {
  readonly name: string;
  readonly version: string;
  readonly stack: string;
  /** Canonical text. */
  readonly api: string;
  readonly functions: readonly string[];
  readonly reference: string;
  readonly digest: string;
  /** ISO 8601. */
  readonly built: string;
  /** Bytes that pulling all of it takes. */
  readonly size: number;
}

/** Questions that are asked at once. */
const atOnce = 6;

/** Every service below a path of the registry, by name, the newest version first. What is no service is left out; `onWarning` gets one sentence about what looks like one. */
export async function listPublished(
  registry: OciRegistry,
  prefix: string,
  onWarning: (warning: string) => void = () => {},
): Promise<readonly PublishedEntry[]> {
  const repositories = await registry.repositories(prefix);
  const tags = await mapAtMost(atOnce, repositories, async (repository) =>
    (await publishedVersions(registry, repository)).map((version) => ({ repository, version })),
  );
  const entries = await mapAtMost(atOnce, tags.flat(), ({ repository, version }) =>
    readEntry(registry, repository, version).catch((error: unknown) => {
      if (!isBroken(error)) throw error;
      onWarning(
        `${repository}:${version} is left out: ${error.message.replace(/\p{Cc}+/gu, ' ').slice(0, 500)}`,
      );
      return undefined;
    }),
  );
  return entries
    .filter((entry) => entry !== undefined)
    .sort(
      (a, b) => Number(a.name > b.name) - Number(a.name < b.name) || compareVersions(b.version, a.version),
    );
}

/** Undefined where it is no service. */
async function readEntry(
  registry: OciRegistry,
  repository: string,
  tag: string,
): Promise<PublishedEntry | undefined> {
  const image = await readImage(registry, repository, tag);
  if (image === undefined) return undefined;
  const reference = `${registry.host}/${repository}:${tag}`;
  const [name, version, stack, api] = [labels.name, labels.version, labels.stack, labels.api].map(
    (key) => image.annotations[key],
  );
  const built = image.annotations['org.opencontainers.image.created'];
  const size = [image.config, ...image.layers].reduce((sum, one) => sum + one.size, 0);
  const known = { reference, digest: image.descriptor.digest, size };
  if (name !== undefined && version === tag && isVersion(version) && stack !== undefined && api !== undefined)
    return {
      name: plain(name),
      version,
      stack: plain(stack),
      ...functionsOf(api),
      built: plain(built ?? ''),
      ...known,
    };
  // Pushed by another tool: the labels say the same.
  const service = await publishedService(registry, repository, tag).catch((error: unknown) => {
    if (error instanceof NstackError && error.code === 'service-unknown') return undefined;
    throw error;
  });
  if (service === undefined || service.version !== tag) return undefined;
  const { manifest } = service;
  return {
    name: service.name,
    version: tag,
    stack: manifest.stack.language,
    api: printApi(manifest.api),
    functions: manifest.api.functions.map((fn) => fn.name),
    built: service.built,
    ...known,
  };
}

function functionsOf(api: string): { readonly api: string; readonly functions: readonly string[] } {
  const text = plain(api);
  const { api: parsed } = parseApi(text);
  return { api: text, functions: parsed?.functions.map((fn) => fn.name) ?? [] };
}

/** Whoever pushed it wrote this; lines are kept, and nothing that moves a cursor. */
function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n]+/gu, ' ');
}

function isBroken(error: unknown): error is NstackError {
  return error instanceof NstackError && error.code === 'manifest-invalid';
}
