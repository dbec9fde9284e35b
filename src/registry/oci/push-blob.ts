import { setTimeout } from 'node:timers/promises';
import { growingPause, type Pauses } from '../../core/index.ts';
import { interruption, unavailable, unexpected } from './failures.ts';
import { pushScope, type Registry } from './manifests.ts';
import type { BlobOutcome, OutgoingBlob, PushBlobOptions } from './oci-registry.ts';
import { discard } from './registry-requests.ts';
import { beginUpload, endUpload, type Sending, sendPiece, stateOf, type Upload } from './upload.ts';
import { BrokenError } from './with-tries.ts';

export interface UploadOptions {
  readonly signal: AbortSignal;
  readonly pauses: Pauses;
}

/** Bytes; one that is smaller goes in one request. */
const pieceSize = 8 * 1024 * 1024;
/** Breaks without progress between them that are put up with. */
const mostBreaks = 5;
/** Repositories that are asked to lend it; each costs a request. */
const mostLenders = 2;

export async function hasBlob({ host, ask }: Registry, repository: string, digest: string): Promise<boolean> {
  const doing = `look for ${digest} in ${repository}`;
  const answer = await ask({
    method: 'HEAD',
    to: `/v2/${repository}/blobs/${digest}`,
    scope: pushScope(repository),
    doing,
  });
  await discard(answer);
  if (answer.status === 200) return true;
  if (answer.status === 404) return false;
  throw await unexpected(host, doing, answer);
}

export async function pushBlob(
  registry: Registry,
  repository: string,
  blob: OutgoingBlob,
  { from = [], onSent = () => {} }: PushBlobOptions,
  options: UploadOptions,
): Promise<BlobOutcome> {
  if (await hasBlob(registry, repository, blob.digest)) return 'was-there';
  const sending = { registry, repository, blob };
  let upload: Upload | undefined;
  for (const lender of from.filter((one) => one !== repository).slice(0, mostLenders)) {
    const begun = await beginUpload(sending, lender);
    if (begun === 'mounted') return 'mounted';
    // What could not be lent has become an upload.
    upload = begun;
  }
  await send(sending, upload, { ...options, onSent });
  return 'sent';
}

type SendOptions = UploadOptions & { readonly onSent: (bytes: number) => void };

/** Sends it piece by piece; after a break the registry is asked how far it has come. */
async function send(sending: Sending, begun: Upload | undefined, options: SendOptions): Promise<void> {
  const { registry, repository, blob } = sending;
  let upload = begun ?? (await fresh(sending));
  let inPieces = blob.size > pieceSize;
  let furthest = 0;
  for (let breaks = 1; ; breaks++) {
    try {
      while (inPieces && upload.offset < blob.size) await next();
      await endUpload(sending, upload);
      confirm(blob.size);
      return;
    } catch (error) {
      if (!(error instanceof BrokenError)) throw error;
      if (breaks > mostBreaks)
        throw unavailable(registry.host, `push to ${repository}`, error.message, error);
    }
    await pause(breaks, repository, options);
    const state = await stateOf(sending, upload);
    // The answer to the last request may be all that was lost.
    if (state === undefined && (await hasBlob(registry, repository, blob.digest))) return confirm(blob.size);
    upload = inPieces && state !== undefined ? state : await fresh(sending);
    if (upload.offset > furthest) breaks = 0;
    confirm(upload.offset);
  }

  async function next(): Promise<void> {
    const size = Math.min(Math.max(pieceSize, upload.least), blob.size - upload.offset);
    const after = await sendPiece(sending, upload, size);
    if (after === 'refused') {
      inPieces = false;
      upload = await fresh(sending);
    } else {
      upload = after;
      confirm(upload.offset);
    }
  }

  function confirm(now: number): void {
    if (now > furthest) options.onSent(now - furthest);
    furthest = Math.max(furthest, now);
  }
}

async function fresh(sending: Sending): Promise<Upload> {
  const begun = await beginUpload(sending);
  if (begun === 'mounted') throw new Error('nothing was to be mounted');
  return begun;
}

async function pause(breaks: number, repository: string, { pauses, signal }: UploadOptions): Promise<void> {
  await setTimeout(growingPause(breaks, pauses), undefined, { signal }).catch(() => {
    throw interruption(signal, `push to ${repository}`);
  });
}
