const lineFeed = 0x0a;

/** Finds where records end. It may remember a record that was cut off by the end of a chunk, so it belongs to one reader. */
export interface RecordSplitter {
  /** Offset of the line feed that ends the record at hand, looked for from `from` on, or -1: look on from the next chunk's start. */
  find(bytes: Buffer, from: number): number;
  /** How many lines the record that was found last takes. */
  readonly lines: number;
  /** Gives up on the record at hand: it ends at the next line feed, whatever it is part of. */
  reset(): void;
}

/** Records that are lines. */
export function createLineSplitter(): RecordSplitter {
  return { find: (bytes, from) => bytes.indexOf(lineFeed, from), lines: 1, reset() {} };
}
