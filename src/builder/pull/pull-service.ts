import { digestOf, NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo, SeenImage } from '../../engine/index.ts';
import {
  connectRegistry,
  type Descriptor,
  fullVersion,
  imageReference,
  labels,
  type OciRegistry,
  type PublishedReference,
  type PublishedService,
  publishedService,
  publishedVersions,
  refuseNameInOtherCase,
  unknownService,
} from '../../registry/index.ts';
import { cacheFolder } from '../cache-folder.ts';
import { loadParts } from '../image/load-image.ts';
import { removeReplaced } from '../packages/leftovers.ts';
import { type ProgressListener, runStep } from '../progress.ts';
import { showBytes } from '../push/show-bytes.ts';
import { withServiceLock } from '../service-lock.ts';
import {
  type LayerStore,
  layerBound,
  openLayerStore,
  pruneLayers,
  writeImageRecord,
} from '../store/index.ts';
import { unfinishedReference, withUnfinished } from '../unfinished-reference.ts';
import { isRelease } from '../up-to-date.ts';
import { fetchLayers } from './fetch-layers.ts';
import { sharedLayers } from './shared-layers.ts';

/** What is looked at before an image is loaded. */
export interface PulledImage {
  readonly registry: OciRegistry;
  readonly repository: string;
  readonly service: PublishedService;
  /** Digest of the config. */
  readonly imageId: string;
  readonly descriptor: Descriptor;
  /** The manifest's exact bytes. */
  readonly manifest: Uint8Array;
}

export interface PullOptions {
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  /** Called before anything is fetched or loaded, to look for signatures; what it fails with ends the pull. */
  readonly verify?: (image: PulledImage) => Promise<void>;
}

export interface PullResult {
  readonly service: PublishedService;
  /** `nstack/clickanalytics:1.2.0`: what it is here. */
  readonly image: string;
  readonly imageId: string;
  /** False: it was here already. */
  readonly pulled: boolean;
}

/**
 * Brings a service from a registry into the engine: layers that the engine or the cache has are not fetched, and the service gets its tag when all of it is there
 * and checked. Fails with `service-unknown`, `release-exists` where another image of that release is here, `manifest-invalid` where its labels are not
 * what they should be, `permission`, `registry-unavailable`, ...; what was here stays as it was then.
 */
export async function pullService(
  engine: ContainerEngine,
  { host, repository, version }: PublishedReference,
  options: PullOptions,
): Promise<PullResult> {
  const { signal, onProgress, env = process.env } = options;
  const onWait = (text: string) => onProgress({ kind: 'detail', text });
  const registry = connectRegistry(host, { signal, env, onProgress: onWait });
  const tag = await fullVersion(registry, repository, version);
  const service = await publishedService(registry, repository, tag);
  if (service === undefined)
    throw unknownService(host, `${repository}:${tag}`, await publishedVersions(registry, repository));
  checkLabels(service, repository, tag);
  const { descriptor, bytes: manifest, config } = service.image;
  const imageId = config.digest;
  await options.verify?.({ registry, repository, service, imageId, descriptor, manifest });

  const image = imageReference(service.name, tag);
  const begin = (pid: string) => onWait(`process ${pid} is building ${service.name}`);
  return withServiceLock(service.name.toLowerCase(), { onWait: begin, signal }, async () => {
    const registered = await engine.seeImages({ label: labels.name });
    refuseNameInOtherCase(registered, service.name);
    const existing = registered.find(({ tags }) => tags.includes(image));
    const folder = await cacheFolder(env);
    const record = { name: service.name, version: tag, config: service.config };
    if (existing !== undefined && (await isSame(engine, existing, service))) {
      await writeImageRecord(folder, record);
      return { service, image, imageId, pulled: false };
    }
    if (existing !== undefined && isRelease(tag)) throw releaseExists(service, image);
    const store = await openLayerStore(folder);
    await runStep(`pull ${service.reference}`, { onProgress }, (detail) =>
      load(engine, service, { registry, repository, store, image, detail, signal }),
    );
    if (existing !== undefined) await removeReplaced(engine, existing.id);
    await writeImageRecord(folder, record);
    await pruneLayers(folder, layerBound(env));
    return { service, image, imageId, pulled: true };
  });
}

interface LoadOptions {
  readonly registry: OciRegistry;
  readonly repository: string;
  readonly store: LayerStore;
  /** The tag that it gets. */
  readonly image: string;
  readonly detail: (text: string) => void;
  readonly signal: AbortSignal;
}

async function load(engine: ContainerEngine, service: PublishedService, options: LoadOptions): Promise<void> {
  const { image, detail, signal } = options;
  const unfinished = unfinishedReference(image);
  await withUnfinished(engine, unfinished, async () => {
    const shared = await sharedLayers(engine, service.layers);
    const loaded = (await attempt(shared)) ?? (shared === 0 ? undefined : await attempt(0));
    if (loaded === undefined)
      throw new NstackError(
        'build-failed',
        `${engine.description} took ${service.reference}, but does not have it`,
      );
    signal.throwIfAborted();
    await engine.tagImage(loaded.id, image);
  });

  /** Undefined where the engine wants to see layers that it should have. */
  async function attempt(skip: number): Promise<ImageInfo | undefined> {
    const { store } = options;
    const layers = await fetchLayers(service, { ...options, skip, onBytes: showBytes(detail) });
    detail('the engine loads it');
    const parts = {
      reference: unfinished,
      config: Buffer.from(service.config),
      below: service.layers.slice(0, skip),
      layers: layers.map((layer) => ({ ...layer, open: () => store.open(layer) })),
    };
    return loadParts(engine, parts, { signal });
  }
}

/** What a tag names has to say the same of itself. */
function checkLabels({ name, version, reference }: PublishedService, repository: string, tag: string): void {
  const own = version === tag && `/${repository}`.endsWith(`/${name.toLowerCase()}`);
  if (own) return;
  throw new NstackError('manifest-invalid', `${reference} holds the service ${name}:${version}`, {
    hint: 'have whoever owns it push it where it belongs, with: nstack push',
  });
}

/** Engines name images by the digest of their config, or otherwise; then by what is in them. */
async function isSame(
  engine: ContainerEngine,
  { id }: SeenImage,
  service: PublishedService,
): Promise<boolean> {
  if (id === digestOf(Buffer.from(service.config))) return true;
  const image = await engine.inspectImage(id);
  const inputs = image?.labels[labels.inputs];
  return (
    image?.layers.join() === service.layers.join() &&
    inputs !== undefined &&
    inputs === service.labels[labels.inputs]
  );
}

function releaseExists({ name, version, reference }: PublishedService, image: string): NstackError {
  return new NstackError(
    'release-exists',
    `another image of ${name} ${version} is here than ${reference}, and a release never changes`,
    { hint: `remove the one that is here first, where it is the wrong one: docker rmi ${image}` },
  );
}
