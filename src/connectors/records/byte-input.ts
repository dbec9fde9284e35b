/**
 * Bytes from a file, a pipe or a program, in order. What it reads ahead is bounded, and a chunk that is not asked for is back pressure.
 */
export interface ByteInput {
  /** Called once. The chunks are the caller's to change. Failures throw NstackError; `close` ends the chunks without one. */
  chunks(): AsyncIterable<Buffer>;
  /**
   * Leaves out so many bytes behind the chunk that was given last, and says how many there were. Missing where they can only be read through.
   */
  skip?(bytes: number): number;
  /** Bytes read so far, of how many; of a compressed file both count compressed bytes. */
  readonly done: number;
  readonly total: number | undefined;
  /** May be called at any time, twice. */
  close(): Promise<void>;
}

/** The same input with its chunks changed on their way. What skips bytes of it is passed by those whose bytes are the input's own. */
export function mapChunks(
  input: ByteInput,
  change: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
  skip?: (bytes: number) => number,
): ByteInput {
  return {
    chunks: () => change(input.chunks()),
    ...(skip === undefined ? {} : { skip }),
    get done() {
      return input.done;
    },
    total: input.total,
    close: () => input.close(),
  };
}
