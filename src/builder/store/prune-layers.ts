import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { parseSize } from '../../manifest/index.ts';

const usualBound = 5 * 2 ** 30;
const aDay = 86_400_000;

/** Bytes that compressed layers may take: $NSTACK_LAYER_CACHE (`2GiB`), 5 GiB by default. Fails with `usage`. */
export function layerBound(env: NodeJS.ProcessEnv): number {
  const stated = env.NSTACK_LAYER_CACHE;
  if (!stated) return usualBound;
  const bytes = parseSize(/^\d+$/.test(stated) ? Number(stated) : stated);
  if (bytes !== undefined) return bytes;
  throw new NstackError('usage', `NSTACK_LAYER_CACHE is ${JSON.stringify(stated)}, which is no size`, {
    hint: 'write it as 500MiB or 5GiB',
  });
}

/** Drops the layers that were used least recently, until no more bytes than the bound are left, and what killed processes have left half done. */
export async function pruneLayers(cacheFolder: string, bound: number, now = Date.now()): Promise<void> {
  for (const { path } of await surplusLayers(cacheFolder, bound, now)) await rm(path, { force: true });
}

/** What pruning would drop: files, with their bytes. */
export async function surplusLayers(
  cacheFolder: string,
  bound: number,
  now: number,
): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const folder = join(cacheFolder, 'layers');
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      return { path, size: found?.size ?? 0, used: found?.mtimeMs ?? now };
    }),
  );
  const partial = files.filter(({ path, used }) => path.endsWith('.partial') && now - used > aDay);
  let left = 0;
  const beyond = files
    .filter(({ path }) => path.endsWith('.tar.gz'))
    .toSorted((a, b) => b.used - a.used)
    .filter(({ size }) => {
      left += size;
      return left > bound;
    });
  return [...partial, ...beyond];
}
