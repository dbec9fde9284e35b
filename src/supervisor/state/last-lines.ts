import { type FileHandle, open } from 'node:fs/promises';

const step = 64 * 1024;
const newline = 0x0a;

/** The lines of a file from its end backwards, without their ends; none where there is no file. Reads no more of it than is asked for. */
export async function* lastLines(path: string): AsyncGenerator<string, void, undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    yield* linesBackwards(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** How many bytes of a file are whole lines. */
export async function wholeLength(file: FileHandle): Promise<number> {
  for (let end = (await file.stat()).size; end > 0; ) {
    const start = Math.max(0, end - step);
    const at = (await readAt(file, start, end)).lastIndexOf(newline);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function* linesBackwards(file: FileHandle, size: number): AsyncGenerator<string, void, undefined> {
  /** Pieces of the line that begins before them, the last first. */
  let pieces: Buffer[] = [];
  const line = () => Buffer.concat(pieces.reverse()).toString('utf8');
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - step);
    const chunk = await readAt(file, start, end);
    let right = chunk.length;
    for (
      let at = chunk.lastIndexOf(newline);
      at >= 0;
      at = at === 0 ? -1 : chunk.lastIndexOf(newline, at - 1)
    ) {
      pieces.push(chunk.subarray(at + 1, right));
      const found = line();
      if (found !== '') yield found;
      pieces = [];
      right = at;
    }
    pieces.push(chunk.subarray(0, right));
    end = start;
  }
  const first = line();
  if (first !== '') yield first;
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}
