import { NstackError } from '../core/index.ts';
import {
  connectRegistry,
  fullVersion,
  type PublishedReference,
  readImage,
  type SignedImage,
} from '../registry/index.ts';
import type { CliContext } from './command.ts';

/** The image that a reference names in its registry. Fails with `service-unknown`, `permission` or `registry-unavailable`. */
export async function publishedImage(
  { signal, env }: Pick<CliContext, 'signal' | 'env'>,
  { host, repository, version }: PublishedReference,
): Promise<SignedImage & { readonly reference: string }> {
  const registry = connectRegistry(host, { signal, env });
  const tag = await fullVersion(registry, repository, version);
  const reference = `${host}/${repository}:${tag}`;
  const image = await readImage(registry, repository, tag);
  if (image === undefined) throw new NstackError('service-unknown', `there is no ${reference}`);
  const { descriptor, bytes, config } = image;
  return { registry, repository, descriptor, manifest: bytes, imageId: config.digest, reference };
}
