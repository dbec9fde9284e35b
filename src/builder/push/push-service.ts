import { NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import {
  type Artifact,
  connectRegistry,
  type Descriptor,
  mediaTypes,
  type OciRegistry,
  parseRegistryPlace,
  readImage,
  repositoryOf,
  type SignedImage,
} from '../../registry/index.ts';
import { cacheFolder } from '../cache-folder.ts';
import { type ProgressListener, runStep } from '../progress.ts';
import { layerBound, openLayerStore, pruneLayers } from '../store/index.ts';
import { secretSearch } from '../supply-chain/find-secrets.ts';
import { refuseSecretsInConfig, refuseSecretsInLayer } from '../supply-chain/refuse-secrets.ts';
import { isRelease } from '../up-to-date.ts';
import { attachArtifacts } from './attach-artifacts.ts';
import { imageManifest } from './image-manifest.ts';
import { type Published, published } from './published.ts';
import { knownLayers, type PushBlobsOptions, packedLayers, pushBlobs } from './push-blobs.ts';
import { type ImageSources, type PushSubject, pushSubject } from './push-subject.ts';
import { showBytes } from './show-bytes.ts';

export interface PushOptions {
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  /** Called before anything is sent, with what the registry holds; what it fails with ends the push. */
  readonly accept?: (service: PushSubject, published: Published) => Promise<void>;
  /** What belongs to the image: attached once the image is there, as far as nothing of its kind is attached yet. */
  readonly artifacts?: (image: PushedImage) => Promise<readonly Artifact[]>;
  /** Called last, when all that belongs to the image is attached. */
  readonly sign?: (image: PushedImage) => Promise<void>;
  /** Secrets that nothing which is sent may hold, by name. */
  readonly secrets?: (service: PushSubject) => Promise<Readonly<Record<string, string>>>;
}

/** An image that is in its registry. */
export interface PushedImage extends SignedImage {
  readonly service: PushSubject;
}

export interface PushResult {
  readonly service: PushSubject;
  /** Where it is now: `registry.example.com/team/clickanalytics:1.2.0`. */
  readonly reference: string;
  /** Digest of the manifest that the registry holds. */
  readonly digest: string;
  /** False: the registry had this very image already. */
  readonly pushed: boolean;
  /** How many artifacts were attached. */
  readonly attached: number;
}

/**
 * Pushes a built service (`Name`, `Name:1.2.0`) to `target`, a registry and perhaps a path in it (`localhost:5000/team`), with what `docker login` keeps. The engine is connected to
 * only where the cache lacks something that the registry lacks too. Fails with `release-exists` where the registry holds another image of that release, `service-unknown`, `permission`,
 * `secret-exposed`, `registry-unavailable`, or `engine-unavailable`.
 */
export async function pushService(
  connect: () => Promise<ContainerEngine>,
  name: string,
  target: string,
  options: PushOptions,
): Promise<PushResult> {
  const { signal, onProgress, env = process.env } = options;
  const place = parseRegistryPlace(target);
  const folder = await cacheFolder(env);
  const sources: ImageSources = { cacheFolder: folder, store: await openLayerStore(folder), connect, signal };
  const bound = layerBound(env);
  const service = await pushSubject(name, sources);
  const repository = repositoryOf(place, service.name);
  const reference = `${place.host}/${repository}:${service.version}`;
  const onWait = (text: string) => onProgress({ kind: 'detail', text });
  const registry = connectRegistry(place.host, { signal, env, onProgress: onWait });

  const there = await unchanged(registry, repository, sources, service);
  if (there === undefined) {
    await options.accept?.(service, published(registry, repository));
    const search = secretSearch((await options.secrets?.(service)) ?? {});
    refuseSecretsInConfig(service, search);
    const image = await runStep(`push ${reference}`, { onProgress }, (detail) =>
      sendImage(registry, repository, sources, service, {
        onBytes: showBytes(detail),
        inspect: (layer) =>
          refuseSecretsInLayer(service, { diffId: layer.diffId, packed: sources.store.open(layer) }, search),
      }),
    );
    await pruneLayers(folder, bound);
    return {
      service,
      reference,
      digest: image.descriptor.digest,
      pushed: true,
      attached: await attach(image),
    };
  }
  return {
    service,
    reference,
    digest: there.descriptor.digest,
    pushed: false,
    attached: await attach(there),
  };

  async function attach({ descriptor, bytes }: Held): Promise<number> {
    const image = { service, registry, repository, descriptor, manifest: bytes, imageId: service.imageId };
    const artifacts = (await options.artifacts?.(image)) ?? [];
    const attached = await attachArtifacts(registry, repository, descriptor, artifacts);
    await options.sign?.(image);
    return attached;
  }
}

/** An image that the registry has. */
interface Held {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** What the registry holds where it is this very image; fails with `release-exists` where it is another one of that release. */
async function unchanged(
  registry: OciRegistry,
  repository: string,
  sources: ImageSources,
  service: PushSubject,
): Promise<Held | undefined> {
  const { version, imageId } = service;
  const layers = await knownLayers(sources, service);
  if (layers !== undefined) {
    const { bytes, digest } = imageManifest(service, layers);
    const descriptor = await registry.resolve(repository, version);
    if (descriptor === undefined) return undefined;
    if (descriptor.digest === digest) return { descriptor, bytes };
  }
  const there = await readImage(registry, repository, version);
  if (there === undefined) return undefined;
  const same = there.config.digest === imageId;
  if (isRelease(version) && !same) throw releaseExists(service, `${registry.host}/${repository}:${version}`);
  // A snapshot that another tool has pushed gets nstack's annotations.
  return same && (isRelease(version) || there.annotations['io.nstack.name'] !== undefined)
    ? there
    : undefined;
}

async function sendImage(
  registry: OciRegistry,
  repository: string,
  sources: ImageSources,
  service: PushSubject,
  how: Pick<PushBlobsOptions, 'onBytes' | 'inspect'>,
): Promise<Held> {
  const layers = await packedLayers(sources, service);
  const { bytes } = imageManifest(service, layers);
  const put = () => registry.putManifest(repository, service.version, bytes, mediaTypes.manifest);
  const send = (trust: boolean) =>
    pushBlobs(sources, service, layers, { registry, repository, trust, ...how });
  const { trusted } = await send(true);
  if (!trusted) return { descriptor: await put(), bytes };
  try {
    return { descriptor: await put(), bytes };
  } catch (error) {
    if (!(error instanceof NstackError) || error.code !== 'registry-unavailable') throw error;
  }
  // The registry may have lost what it once had.
  await send(false);
  return { descriptor: await put(), bytes };
}

function releaseExists({ name, version }: PushSubject, reference: string): NstackError {
  return new NstackError(
    'release-exists',
    `the registry holds another image as ${reference}, and a release never changes`,
    {
      hint: `raise \`version\` of ${name} in nstack.yaml, build it and push that; ${version} there stays what it is`,
    },
  );
}
