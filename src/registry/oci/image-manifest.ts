import { jsonObject } from './bounded-body.ts';
import { isTexts, readDescriptor } from './descriptor.ts';
import { nonsense } from './failures.ts';
import { mediaTypes } from './media-types.ts';
import type { Descriptor, OciRegistry } from './oci-registry.ts';

/** One image in a registry. */
export interface RemoteImage {
  readonly descriptor: Descriptor;
  /** The manifest's exact bytes. */
  readonly bytes: Uint8Array;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** What no honest image has more of. */
const mostLayers = 1_000;

/** The image under a tag or digest, of an index the one for this machine; undefined where there is none. Fails with `registry-unavailable` where it is no image. */
export async function readImage(
  registry: Pick<OciRegistry, 'host' | 'manifest'>,
  repository: string,
  reference: string,
): Promise<RemoteImage | undefined> {
  const held = await registry.manifest(repository, reference);
  if (held === undefined) return undefined;
  const doing = `read ${registry.host}/${repository}:${reference}`;
  try {
    const { mediaType } = held.descriptor;
    if (mediaType === mediaTypes.index || mediaType === mediaTypes.dockerIndex) {
      const digest = chosen(held.bytes);
      return digest === undefined ? undefined : await ofManifest(await registry.manifest(repository, digest));
    }
    return ofManifest(held);
  } catch (cause) {
    if (!(cause instanceof SyntaxError) && !(cause instanceof BrokenManifest)) throw cause;
    throw nonsense(registry.host, doing, `holds no image there: ${cause.message}`, cause);
  }
}

class BrokenManifest extends Error {}

function ofManifest(
  held: { readonly descriptor: Descriptor; readonly bytes: Uint8Array } | undefined,
): RemoteImage | undefined {
  if (held === undefined) return undefined;
  const { config, layers, annotations } = parsed(held.bytes);
  if (!Array.isArray(layers) || layers.length > mostLayers)
    throw new BrokenManifest('it has no list of layers');
  try {
    return {
      ...held,
      config: readDescriptor(config),
      layers: layers.map(readDescriptor),
      annotations: isTexts(annotations) ? annotations : {},
    };
  } catch (cause) {
    throw new BrokenManifest(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The digest of the image for Linux on this machine's processor. */
function chosen(index: Uint8Array): string | undefined {
  const { manifests } = parsed(index);
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const all: readonly { readonly digest?: string; readonly platform?: Readonly<Record<string, string>> }[] =
    Array.isArray(manifests) ? manifests : [];
  return all.find(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture)
    ?.digest;
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return jsonObject(bytes);
  } catch (cause) {
    throw new BrokenManifest('its manifest is no JSON object', { cause });
  }
}
