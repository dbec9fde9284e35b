import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type BuilderConnection, lineSplitter } from '../../engine/index.ts';

/** How one compilation ended. */
export interface WarmOutcome {
  readonly code: number;
  /** A tar of the folder `out`; undefined where there is none. */
  readonly files: Readable | undefined;
}

export interface ExchangeOptions {
  /** A folder that earlier requests may have left and that stays for later ones. */
  readonly objects?: string | undefined;
  /** The most bytes of what comes back. */
  readonly most: number;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds for a builder to take a request up: one that is busy with what a killed build has left it is not waited for. */
const patience = 5_000;

/**
 * Sends a builder one request, a tar, and reads its answer, as templates/warm/serve.sh has it. A number of its own, in each line of the answer, tells it from what is left of
 * earlier ones. Undefined where the builder does not answer, or breaks off.
 */
export async function exchange(
  { input, output, log }: Omit<BuilderConnection, 'close'>,
  files: Readable,
  { objects, most, onLine, signal }: ExchangeOptions,
): Promise<WarmOutcome | undefined> {
  const nonce = randomBytes(16).toString('hex');
  const said = linesBetween(log, nonce, onLine);
  const tar = await buffer(files);
  const digest = createHash('sha256').update(tar).digest('hex');
  const reader = lineReader(output);
  input.on('error', () => {});
  input.write(`${nonce} ${tar.length} ${digest} ${objects ?? '-'}\n`);
  input.write(tar);
  const ready = await within(patience, reader.lineAfter(`@${nonce} `));
  if (ready !== 'ready') return undefined;
  const [code, size] = (await reader.lineAfter(`@${nonce} `))?.split(' ').map(Number) ?? [];
  signal.throwIfAborted();
  if (code === undefined || size === undefined || size > most) return undefined;
  // Both are read at once: an engine that cannot hand on the one may hold up the other.
  const [content] = await Promise.all([reader.bytes(size), within(patience, said)]);
  if (content === undefined) return undefined;
  return { code, files: size === 0 ? undefined : Readable.from([content]) };
}

/** What a promise answers, or undefined after so many milliseconds. */
async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), milliseconds);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lines and bytes of a stream, in turn. */
function lineReader(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const more = async () => {
    const next: IteratorResult<Buffer> = await chunks.next();
    if (next.done !== true) rest = Buffer.concat([rest, next.value]);
    return next.done !== true;
  };
  return {
    /** What follows a mark, to the end of its line; whatever stands before is dropped. Undefined where the stream ends first. */
    async lineAfter(mark: string): Promise<string | undefined> {
      for (;;) {
        const start = rest.indexOf(mark);
        const end = start < 0 ? -1 : rest.indexOf('\n', start);
        if (end >= 0) {
          const line = rest.toString('latin1', start + mark.length, end);
          rest = rest.subarray(end + 1);
          return line;
        }
        // Half a mark may stand at the end.
        if (start < 0) rest = rest.subarray(Math.max(0, rest.length - mark.length));
        if (!(await more())) return undefined;
      }
    },
    /** Undefined where the stream ends first. */
    async bytes(length: number): Promise<Buffer | undefined> {
      const parts: Buffer[] = [rest];
      let have = rest.length;
      while (have < length) {
        const next: IteratorResult<Buffer> = await chunks.next();
        if (next.done === true) return undefined;
        parts.push(next.value);
        have += next.value.length;
      }
      return Buffer.concat(parts).subarray(0, length);
    },
  };
}

/** Hands on the lines between the marks of a number; resolves at the second, or at the end of the stream. */
function linesBetween(log: Readable, nonce: string, onLine: (line: string) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let inside = false;
  const splitter = lineSplitter((line) => {
    if (line === `@${nonce} end`) resolve();
    else if (inside) onLine(line);
    inside ||= line === `@${nonce} begin`;
  });
  log.setEncoding('utf8').on('data', splitter.take);
  log
    .on('error', () => {})
    .on('close', resolve)
    .on('end', resolve);
  return promise;
}
