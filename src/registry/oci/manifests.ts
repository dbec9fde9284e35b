import { digestOf, isDigest } from '../../core/index.ts';
import { boundedBody } from './bounded-body.ts';
import { nonsense, unexpected } from './failures.ts';
import { anyManifest } from './media-types.ts';
import type { Descriptor } from './oci-registry.ts';
import { type AskRegistry, discard } from './registry-requests.ts';

/** What every part of the client works with. */
export interface Registry {
  readonly host: string;
  readonly ask: AskRegistry;
}

/** The specification's own bound. */
const mostManifestBytes = 4 * 1024 * 1024;

export function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

export function pushScope(repository: string): string {
  return `repository:${repository}:pull,push`;
}

export async function resolveManifest(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<Descriptor | undefined> {
  const { host, ask } = registry;
  const doing = `read ${nameOf(repository, reference)}`;
  const answer = await ask({
    method: 'HEAD',
    to: manifestPath(repository, reference),
    scope: pullScope(repository),
    headers: { accept: anyManifest },
    doing,
  });
  await discard(answer);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw await unexpected(host, doing, answer);
  const digest = answer.headers['docker-content-digest'];
  const size = Number(answer.headers['content-length']);
  // Some registries say no more to HEAD than that it is there.
  if (!isDigest(digest) || !Number.isSafeInteger(size) || (isDigest(reference) && digest !== reference))
    return (await readManifest(registry, repository, reference))?.descriptor;
  return { mediaType: typeOf(answer.headers['content-type']), digest, size };
}

export async function readManifest(
  { host, ask }: Registry,
  repository: string,
  reference: string,
): Promise<{ readonly descriptor: Descriptor; readonly bytes: Uint8Array } | undefined> {
  const doing = `read ${nameOf(repository, reference)}`;
  const answer = await ask({
    method: 'GET',
    to: manifestPath(repository, reference),
    scope: pullScope(repository),
    headers: { accept: anyManifest },
    doing,
  });
  if (answer.status === 404) {
    await discard(answer);
    return undefined;
  }
  if (answer.status !== 200) throw await unexpected(host, doing, answer);
  const bytes = await boundedBody(answer.body, mostManifestBytes).catch((cause: unknown) => {
    throw nonsense(host, doing, `sent no whole manifest: ${String(cause)}`, cause);
  });
  const digest = digestOf(bytes);
  const expected = isDigest(reference) ? reference : answer.headers['docker-content-digest'];
  if (expected !== undefined && expected !== digest)
    throw nonsense(host, doing, `sent a manifest of the digest ${digest} in place of ${expected}`);
  const descriptor = { mediaType: typeOf(answer.headers['content-type']), digest, size: bytes.length };
  return { descriptor, bytes };
}

/** Answers the descriptor, and whether the registry took note of the manifest's subject. */
export async function storeManifest(
  { host, ask }: Registry,
  repository: string,
  reference: string,
  bytes: Uint8Array,
  mediaType: string,
): Promise<{ readonly descriptor: Descriptor; readonly subject: boolean }> {
  const doing = `push ${nameOf(repository, reference)}`;
  const answer = await ask({
    method: 'PUT',
    to: manifestPath(repository, reference),
    scope: pushScope(repository),
    headers: { 'content-type': mediaType, 'content-length': String(bytes.length) },
    body: () => bytes,
    doing,
  });
  if (answer.status !== 201) throw await unexpected(host, doing, answer);
  await discard(answer);
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    subject: answer.headers['oci-subject'] !== undefined,
  };
}

function manifestPath(repository: string, reference: string): string {
  return `/v2/${repository}/manifests/${reference}`;
}

function nameOf(repository: string, reference: string): string {
  return `${repository}${isDigest(reference) ? '@' : ':'}${reference}`;
}

function typeOf(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim() ?? '';
}
