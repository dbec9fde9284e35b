import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { growingPause, NstackError, type Pauses } from '../../core/index.ts';
import { interruption, nonsense, reasonOf, unavailable, unexpected } from './failures.ts';
import type { HttpAnswer } from './http.ts';
import { pullScope, type Registry } from './manifests.ts';
import type { Descriptor } from './oci-registry.ts';
import { discard } from './registry-requests.ts';

export interface ReadBlobOptions {
  readonly signal: AbortSignal;
  readonly pauses: Pauses;
}

/** Breaks without a byte between them that are put up with. */
const mostBreaks = 5;

/** A blob's bytes, asked for again from where the connection broke. The stream fails where there are more of them than stated, fewer, or others. */
export async function readBlob(
  registry: Registry,
  repository: string,
  blob: Descriptor,
  options: ReadBlobOptions,
): Promise<Readable> {
  const doing = `read ${blob.digest} of ${repository}`;
  const first = await openAt(registry, repository, blob, 0, doing);
  return Readable.from(checked(registry, repository, blob, first, { ...options, doing }), {
    objectMode: false,
  });
}

async function openAt(
  { host, ask }: Registry,
  repository: string,
  { digest }: Descriptor,
  offset: number,
  doing: string,
): Promise<HttpAnswer> {
  const answer = await ask({
    method: 'GET',
    to: `/v2/${repository}/blobs/${digest}`,
    scope: pullScope(repository),
    headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
    doing,
  });
  if (answer.status === 200 || (answer.status === 206 && offset > 0)) return answer;
  if (answer.status === 404) {
    await discard(answer);
    throw nonsense(host, doing, 'does not have it');
  }
  throw await unexpected(host, doing, answer);
}

async function* checked(
  registry: Registry,
  repository: string,
  blob: Descriptor,
  first: HttpAnswer,
  { signal, pauses, doing }: ReadBlobOptions & { readonly doing: string },
): AsyncGenerator<Buffer> {
  const { host } = registry;
  const hash = createHash('sha256');
  let have = 0;
  let breaks = 0;
  let answer = first;
  while (true) {
    // A registry that knows no ranges begins at the beginning.
    let skip = answer.status === 206 ? 0 : have;
    let broken: unknown;
    try {
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        const fresh = piece.subarray(Math.min(skip, piece.length));
        skip -= piece.length - fresh.length;
        if (fresh.length === 0) continue;
        have += fresh.length;
        if (have > blob.size)
          throw nonsense(host, doing, `sends more than the ${blob.size} bytes it should have`);
        breaks = 0;
        hash.update(fresh);
        yield fresh;
      }
    } catch (error) {
      if (error instanceof NstackError) throw error;
      broken = error;
    } finally {
      answer.body.destroy();
    }
    if (have === blob.size) break;
    if (signal.aborted) throw interruption(signal, doing);
    breaks++;
    const why = broken === undefined ? 'ended before the end' : reasonOf(broken);
    if (breaks > mostBreaks) throw unavailable(host, doing, why, broken);
    await setTimeout(growingPause(breaks, pauses), undefined, { signal }).catch(() => {
      throw interruption(signal, doing);
    });
    answer = await openAt(registry, repository, blob, have, doing);
  }
  const digest = `sha256:${hash.digest('hex')}`;
  if (digest !== blob.digest)
    throw nonsense(host, doing, `sent bytes of the digest ${digest} in place of ${blob.digest}`);
}
