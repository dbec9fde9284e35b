/**
 * Turns the bytes of records into JSON of the source's type, some records at a time. What `take` has accepted since the last `drain` is
 * what the next `drain` gives. Not shared between sources.
 */
export interface RecordFormat {
  /** Whether records have to be UTF-8; the reader rejects those that are not before they come here. */
  readonly text: boolean;
  /**
   * Takes the record bytes[start, end), or says in one clause why it does not fit. bytes[end] is the line feed behind the record, and
   * may be changed like the record itself: the bytes are the format's from here on. `returns`: there may be carriage returns in it.
   */
  take(bytes: Buffer, start: number, end: number, returns: boolean): string | undefined;
  /** The JSON texts taken since the last drain, joined by commas, in pieces. The pieces are the caller's. */
  drain(): Uint8Array[];
}
