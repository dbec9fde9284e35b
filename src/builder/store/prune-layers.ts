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
  const folder = join(cacheFolder, 'layers');
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return { name, size: found?.size ?? 0, used: found?.mtimeMs ?? now };
    }),
  );
  const drop = (name: string) => rm(join(folder, name), { force: true });
  for (const { name, used } of files) if (name.endsWith('.partial') && now - used > aDay) await drop(name);
  let left = 0;
  for (const { name, size } of files.filter(isLayer).toSorted((a, b) => b.used - a.used)) {
    left += size;
    if (left > bound) await drop(name);
  }
}

function isLayer({ name }: { readonly name: string }): boolean {
  return name.endsWith('.tar.gz');
}
