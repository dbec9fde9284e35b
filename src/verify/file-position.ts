import { type FileHandle, open } from 'node:fs/promises';
import { identify } from '../connectors/file/file-identity.ts';

const lineFeed = 0x0a;
const byteOrderMark = 0xef;
const blockBytes = 64 * 1024;

/**
 * The position, as a source that follows the file takes it, behind the last whole line of what is there; undefined where that is nothing, so that it begins at the
 * beginning.
 */
export async function filePosition(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const bytes = await endOfLines(handle, (await handle.stat()).size);
    if (bytes === 0) return undefined;
    return { '': { records: 0, lines: 0, bytes, file: await identify(handle, bytes - 1) } };
  } finally {
    await handle.close();
  }
}

/** A file that begins with a byte order mark counts as empty: positions count from behind it. */
async function endOfLines(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end = Math.max(0, end - blockBytes)) {
    const start = Math.max(0, end - blockBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    if (start === 0 && buffer[0] === byteOrderMark) return 0;
    const at = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}
