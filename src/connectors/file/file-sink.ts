import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Format, Sink } from '../connector.ts';
import { fileError } from '../records/file-error.ts';
import { linesOf } from '../records/lines-of.ts';
import { syncFolder } from '../records/sync-folder.ts';
import { createBufferedWriter } from './buffered-writer.ts';
import { openPartial } from './partial-file.ts';

/**
 * Lines into a file that appears whole or not at all: they are written aside and the file gets its name when the run is complete. Nobody
 * reads it before, so writes are gathered into large ones; a write is confirmed when its bytes are gathered, and what the disk says
 * against them fails a later write or `finish`. A stopped run leaves what there is as `<name>.partial`.
 */
export async function createFileSink(target: string, shown: string, format: Format): Promise<Sink> {
  const partial = await openPartial(target).catch((error: unknown) => {
    throw fileError(error, 'write', shown);
  });
  const writer = createBufferedWriter(partial.handle);
  let where = shown;
  let isOver = false;

  async function keepAs(name: string): Promise<void> {
    await writer.flush();
    await partial.handle.sync();
    await partial.handle.close();
    await rename(partial.path, name);
    await syncFolder(dirname(name));
  }

  return {
    get where() {
      return where;
    },
    async write(batch) {
      try {
        await writer.write(linesOf(batch, format));
        return [];
      } catch (error) {
        throw fileError(error, 'write', shown);
      }
    },
    async finish(how) {
      const suffix = how === 'stopped' ? '.partial' : '';
      try {
        await keepAs(target + suffix);
      } catch (error) {
        throw fileError(error, 'write', shown);
      }
      isOver = true;
      where = shown + suffix;
    },
    async abandon() {
      if (isOver) return;
      isOver = true;
      await writer.flush().catch(() => {});
      await partial.handle.close().catch(() => {});
      await rm(partial.path, { force: true });
    },
  };
}
