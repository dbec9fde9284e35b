import { NstackError } from '../../core/index.ts';
import { connectEngine } from '../../engine/index.ts';
import { type ServiceFolder, stackFor } from '../../stacks/index.ts';
import { ensureBaseImage } from '../base/base-image.ts';
import { cacheFolder } from '../cache-folder.ts';
import { readLock } from '../lock/read-lock.ts';
import { debianIndex } from '../packages/debian-index.ts';
import { readHostNetwork } from '../packages/host-network.ts';
import { createAskRegistry } from './ask-registry.ts';
import { findNews, type News } from './find-news.ts';

/**
 * What there is now of each package that a service's lock has. Debian is asked inside a container of the base, the others from here. Fails with `lock-differs` where there is no lock, or as reading
 * the folder does.
 */
export async function outdatedPackages(
  folder: ServiceFolder,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<News> {
  const lock = await readLock(folder);
  if (lock === undefined)
    throw new NstackError(
      'lock-differs',
      `${folder.manifest.name} has no nstack.lock: nothing is locked yet`,
      {
        hint: 'run `nstack build`, which writes one',
      },
    );
  const recipe = await stackFor(folder.manifest.stack.language).recipe(folder);
  return findNews(lock, recipe, {
    env,
    ask: createAskRegistry(env, signal),
    async index() {
      const engine = await connectEngine({ signal });
      const [base, network, cache] = await Promise.all([
        ensureBaseImage(engine, { onProgress: () => {}, signal }),
        readHostNetwork(env),
        cacheFolder(env),
      ]);
      return debianIndex(engine, { base, folder: cache, network, onLine: () => {}, signal, refresh: true });
    },
  });
}
