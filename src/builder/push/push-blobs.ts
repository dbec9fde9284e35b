import {
  imageReference,
  mapAtMost,
  mediaTypes,
  type OciRegistry,
  type OutgoingBlob,
  outgoing,
} from '../../registry/index.ts';
import { type StoredLayer, takeFromEngine } from '../store/index.ts';
import { type ImageSources, needsEngine, type PushSubject } from './push-subject.ts';

/** Blobs on their way at once. */
const atOnce = 3;

export interface PushBlobsOptions {
  readonly registry: OciRegistry;
  readonly repository: string;
  /** Whether to believe that a layer is still where it was seen. */
  readonly trust: boolean;
  /** Bytes that are sent so far, of how many. */
  readonly onBytes: (sent: number, total: number) => void;
  /** Looks at each layer that is to be sent, before the first one is; what it fails with ends the push. */
  readonly inspect: (layer: StoredLayer) => Promise<void>;
}

/** What is known of each layer's compressed form; undefined where one is missing. */
export async function knownLayers(
  { store }: ImageSources,
  { layers }: PushSubject,
): Promise<readonly StoredLayer[] | undefined> {
  const found = await Promise.all(layers.map((diffId) => store.find(diffId)));
  return found.every((layer) => layer !== undefined) ? found : undefined;
}

/** The compressed form of every layer; what the store does not know is taken from the engine. */
export async function packedLayers(
  sources: ImageSources,
  subject: PushSubject,
): Promise<readonly StoredLayer[]> {
  const known = await knownLayers(sources, subject);
  if (known !== undefined) return known;
  await takeLayers(sources, subject);
  const taken = await knownLayers(sources, subject);
  if (taken !== undefined) return taken;
  throw new Error(`the store lost a layer of ${subject.name} while it was used`);
}

/** Sees to it that the repository has the config and every layer. Answers whether it was believed of one without asking. */
export async function pushBlobs(
  sources: ImageSources,
  subject: PushSubject,
  layers: readonly StoredLayer[],
  { registry, repository, trust, onBytes, inspect }: PushBlobsOptions,
): Promise<{ readonly trusted: boolean }> {
  const { store } = sources;
  const place = `${registry.host}/${repository}`;
  const trusted = trust ? layers.filter(({ held }) => held.includes(place)) : [];
  const others = [...new Map(layers.map((layer) => [layer.digest, layer])).values()].filter(
    (layer) => !trusted.includes(layer),
  );
  const config = outgoing(Buffer.from(subject.config), mediaTypes.config);
  const bytes = countBytes([config, ...others], onBytes);
  // Several layers that have to be taken from the engine are taken at once.
  let taking: Promise<void> | undefined;

  for (const layer of others) if (await ready(layer)) await inspect(layer);
  await mapAtMost(atOnce, [undefined, ...others], (layer) =>
    layer === undefined ? send(config) : sendLayer(layer),
  );
  return { trusted: trusted.length > 0 };

  /** Sees to it that the bytes of a layer are here where they have to be sent; answers whether they are. */
  async function ready(layer: StoredLayer): Promise<boolean> {
    if (await store.holds(layer)) return true;
    if (await registry.hasBlob(repository, layer.digest)) return false;
    taking ??= takeLayers(sources, subject);
    await taking;
    return true;
  }

  async function sendLayer(layer: StoredLayer): Promise<void> {
    await ready(layer);
    const { digest, size, held } = layer;
    const from = held
      .filter((one) => one.startsWith(`${registry.host}/`))
      .map((one) => one.slice(registry.host.length + 1));
    const open = (begin: number, end: number) => store.open(layer, begin, end);
    await send({ mediaType: mediaTypes.layer, digest, size, open }, from);
    await store.seen(layer, place);
  }

  async function send(blob: OutgoingBlob, from: readonly string[] = []): Promise<void> {
    const outcome = await registry.pushBlob(repository, blob, { from, onSent: bytes.sent });
    if (outcome !== 'sent') bytes.spared(blob.size);
  }
}

async function takeLayers({ store, connect, signal }: ImageSources, { name, version, imageId }: PushSubject) {
  const engine = await connect().catch((error: unknown) => {
    throw needsEngine(`the cache holds no compressed form of some layers of ${name} ${version}`, error);
  });
  // Some engines name images otherwise than by the digest of their config.
  const byId = (await engine.inspectImage(imageId)) !== undefined;
  await takeFromEngine(engine, byId ? imageId : imageReference(name, version), store, signal);
}

function countBytes(blobs: readonly { readonly size: number }[], onBytes: PushBlobsOptions['onBytes']) {
  let total = blobs.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return {
    sent(bytes: number) {
      done += bytes;
      onBytes(done, total);
    },
    spared(bytes: number) {
      total -= bytes;
      onBytes(done, total);
    },
  };
}
