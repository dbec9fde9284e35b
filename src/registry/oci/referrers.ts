import { Readable } from 'node:stream';
import { digestOf } from '../../core/index.ts';
import { boundedBody, jsonObject } from './bounded-body.ts';
import { bareDescriptor, readDescriptor } from './descriptor.ts';
import { nonsense, unexpected } from './failures.ts';
import { pullScope, type Registry, readManifest, resolveManifest, storeManifest } from './manifests.ts';
import { mediaTypes } from './media-types.ts';
import type { Artifact, Descriptor, OutgoingBlob } from './oci-registry.ts';
import { discard } from './registry-requests.ts';

const mostIndexBytes = 4 * 1024 * 1024;

export async function listReferrers(
  registry: Registry,
  repository: string,
  digest: string,
  artifactType?: string,
): Promise<readonly Descriptor[]> {
  const all =
    (await byApi(registry, repository, digest, artifactType)) ?? (await byTag(registry, repository, digest));
  return all.filter((one) => artifactType === undefined || one.artifactType === artifactType);
}

/** Undefined where the registry has no referrers API. */
async function byApi(
  { host, ask }: Registry,
  repository: string,
  digest: string,
  artifactType: string | undefined,
): Promise<readonly Descriptor[] | undefined> {
  const doing = `see what belongs to ${repository}@${digest}`;
  const filter = artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(artifactType)}`;
  const answer = await ask({
    method: 'GET',
    to: `/v2/${repository}/referrers/${digest}${filter}`,
    scope: pullScope(repository),
    headers: { accept: mediaTypes.index },
    doing,
  });
  // Registries that do not know the path take it for a malformed one.
  if ([400, 404, 405].includes(answer.status)) {
    await discard(answer);
    return undefined;
  }
  if (answer.status !== 200) throw await unexpected(host, doing, answer);
  const isIndex = (answer.headers['content-type'] ?? '').startsWith(mediaTypes.index);
  const bytes = await boundedBody(answer.body, mostIndexBytes);
  return isIndex ? descriptorsOf(host, doing, bytes) : undefined;
}

async function byTag(registry: Registry, repository: string, digest: string): Promise<readonly Descriptor[]> {
  const held = await readManifest(registry, repository, standInTag(digest));
  if (held === undefined || held.descriptor.mediaType !== mediaTypes.index) return [];
  return descriptorsOf(registry.host, `see what belongs to ${repository}@${digest}`, held.bytes);
}

/** The tag that stands in for the referrers API. */
function standInTag(digest: string): string {
  return digest.replace(':', '-');
}

export async function attachArtifact(
  registry: Registry,
  repository: string,
  subject: Descriptor,
  artifact: Artifact,
  push: (blob: OutgoingBlob) => Promise<unknown>,
): Promise<Descriptor> {
  const { bytes, blobs } = artifactManifest(subject, artifact);
  const digest = digestOf(bytes);
  if ((await resolveManifest(registry, repository, digest)) === undefined) await Promise.all(blobs.map(push));
  const stored = await storeManifest(registry, repository, digest, bytes, mediaTypes.manifest);
  const { artifactType, annotations } = artifact;
  const descriptor = { ...stored.descriptor, artifactType, annotations };
  if (!stored.subject) await addByTag(registry, repository, subject, descriptor);
  return descriptor;
}

async function addByTag(
  registry: Registry,
  repository: string,
  { digest }: Descriptor,
  descriptor: Descriptor,
): Promise<void> {
  const there = await byTag(registry, repository, digest);
  if (there.some((one) => one.digest === descriptor.digest)) return;
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [...there, descriptor] };
  const bytes = Buffer.from(JSON.stringify(index));
  await storeManifest(registry, repository, standInTag(digest), bytes, mediaTypes.index);
}

const emptyConfig = Buffer.from('{}');

function artifactManifest(
  subject: Descriptor,
  { artifactType, mediaType: contentType, content, annotations }: Artifact,
) {
  const config = outgoing(emptyConfig, mediaTypes.empty);
  const layer = outgoing(content, contentType);
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: bareDescriptor(config),
    layers: [bareDescriptor(layer)],
    subject: bareDescriptor(subject),
    annotations,
  };
  return { bytes: Buffer.from(JSON.stringify(manifest)), blobs: [config, layer] };
}

/** The digest that an artifact has once it is attached: equal content, equal digest. */
export function artifactDigest(subject: Descriptor, artifact: Artifact): string {
  return digestOf(artifactManifest(subject, artifact).bytes);
}

/** Bytes in memory as something to send. */
export function outgoing(bytes: Uint8Array, mediaType: string): OutgoingBlob {
  return {
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
    open: (from, to) => Readable.from([bytes.subarray(from, to)], { objectMode: false }),
  };
}

function descriptorsOf(host: string, doing: string, bytes: Uint8Array): readonly Descriptor[] {
  try {
    const { manifests } = jsonObject(bytes);
    if (Array.isArray(manifests)) return manifests.map(readDescriptor);
  } catch (cause) {
    throw nonsense(host, doing, `sends no index: ${String(cause)}`, cause);
  }
  throw nonsense(host, doing, 'sends an index without manifests');
}
