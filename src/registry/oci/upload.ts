import { nonsense, unexpected } from './failures.ts';
import type { HttpAnswer } from './http.ts';
import { pullScope, pushScope, type Registry } from './manifests.ts';
import type { OutgoingBlob } from './oci-registry.ts';
import { discard } from './registry-requests.ts';

/** A blob on its way to a registry. */
export interface Upload {
  /** Where it goes on: each answer names another address. */
  readonly url: URL;
  /** Bytes that the registry has. */
  readonly offset: number;
  /** Bytes that a piece has to have, but for the last; 0 where the registry does not mind. */
  readonly least: number;
}

/** One blob's way into one repository. */
export interface Sending {
  readonly registry: Registry;
  readonly repository: string;
  readonly blob: OutgoingBlob;
}

/** Begins an upload, unless the repository `lender` has the blob and lends it. */
export async function beginUpload(
  { registry: { host, ask }, repository, blob }: Sending,
  lender?: string,
): Promise<Upload | 'mounted'> {
  const doing = `push to ${repository}`;
  const path = `/v2/${repository}/blobs/uploads/`;
  const answer = await ask({
    method: 'POST',
    to: lender === undefined ? path : `${path}?mount=${blob.digest}&from=${encodeURIComponent(lender)}`,
    scope: lender === undefined ? pushScope(repository) : `${pushScope(repository)} ${pullScope(lender)}`,
    headers: { 'content-length': '0' },
    doing,
  });
  if (answer.status === 201 && lender !== undefined) {
    await discard(answer);
    return 'mounted';
  }
  if (answer.status !== 202) throw await unexpected(host, doing, answer);
  await discard(answer);
  const least = Number(answer.headers['oci-chunk-min-length'] ?? 0);
  return { url: placeOf(host, answer, doing), offset: 0, least: Number.isSafeInteger(least) ? least : 0 };
}

/** Sends one piece; `refused` where the registry does not take blobs in pieces. Fails with a BrokenError. */
export async function sendPiece(
  { registry: { host, ask }, repository, blob }: Sending,
  upload: Upload,
  size: number,
): Promise<Upload | 'refused'> {
  const doing = `push to ${repository}`;
  const end = upload.offset + size;
  const answer = await ask({
    method: 'PATCH',
    to: upload.url,
    scope: pushScope(repository),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      'content-range': `${upload.offset}-${end - 1}`,
    },
    body: () => blob.open(upload.offset, end),
    doing,
    once: true,
  });
  if (answer.status === 202) {
    await discard(answer);
    return { ...upload, url: placeOf(host, answer, doing), offset: end };
  }
  if (upload.offset === 0 && [400, 405, 411, 415, 501].includes(answer.status)) {
    await discard(answer);
    return 'refused';
  }
  throw await unexpected(host, doing, answer);
}

/** Ends an upload, with all that the registry does not have yet. Fails with a BrokenError. */
export async function endUpload(
  { registry: { host, ask }, repository, blob }: Sending,
  { url, offset }: Upload,
): Promise<void> {
  const doing = `push to ${repository}`;
  const to = new URL(url);
  to.searchParams.set('digest', blob.digest);
  const answer = await ask({
    method: 'PUT',
    to,
    scope: pushScope(repository),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(blob.size - offset),
    },
    ...(offset === blob.size ? {} : { body: () => blob.open(offset, blob.size) }),
    doing,
    once: true,
  });
  if (answer.status !== 201 && answer.status !== 204) throw await unexpected(host, doing, answer);
  await discard(answer);
}

/** How far an upload has come, by the registry; undefined where it knows of none. */
export async function stateOf(
  { registry: { host, ask }, repository }: Sending,
  upload: Upload,
): Promise<Upload | undefined> {
  const doing = `push to ${repository}`;
  const answer = await ask({ method: 'GET', to: upload.url, scope: pushScope(repository), doing });
  await discard(answer);
  const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.headers.range ?? '')?.[1];
  if (answer.status !== 204 || last === undefined) return undefined;
  // "0-0" is what some say of an upload without a byte; of one with a single byte nobody speaks.
  const offset = last === '0' ? 0 : Number(last) + 1;
  const known = answer.headers.location !== undefined;
  return { ...upload, offset, url: known ? placeOf(host, answer, doing) : upload.url };
}

/** Where the registry wants the next piece. Behind a proxy that ends TLS, registries believe that they speak plain HTTP. */
function placeOf(host: string, { headers, url }: HttpAnswer, doing: string): URL {
  const { location = '' } = headers;
  const next = location !== '' && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next === undefined) throw nonsense(host, doing, 'does not say where the upload goes on');
  if (next.protocol === url.protocol) return next;
  if (next.hostname === url.hostname) next.protocol = url.protocol;
  if (next.protocol === 'https:') return next;
  throw nonsense(host, doing, `wants the upload to go on at ${JSON.stringify(next.origin)}`);
}
