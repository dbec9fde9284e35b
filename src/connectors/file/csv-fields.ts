const carriageReturn = 0x0d;
const quote = 0x22;

/** The fields of one CSV record. */
export interface CsvFields {
  count: number;
  /** Where each field's text lies in the record's bytes, quotes around it left out. */
  readonly starts: number[];
  readonly ends: number[];
  /** Whether quotes stood around the field. */
  readonly quoted: boolean[];
  /** Whether there are doubled quotes in it. */
  readonly doubled: boolean[];
}

export function createCsvFields(): CsvFields {
  return { count: 0, starts: [], ends: [], quoted: [], doubled: [] };
}

/**
 * Finds the fields of the record bytes[start, end) as RFC 4180 has them, and says in one clause what is wrong if it is none. `fields` is
 * overwritten. A carriage return at the record's end belongs to the line's end.
 */
export function splitCsvRecord(
  bytes: Uint8Array,
  start: number,
  end: number,
  delimiter: number,
  fields: CsvFields,
): string | undefined {
  const last = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
  fields.count = 0;
  for (let at = start; ; at++) {
    const isQuoted = at < last && bytes[at] === quote;
    const fieldEnd = isQuoted ? closingQuote(bytes, at + 1, last) : plainEnd(bytes, at, last, delimiter);
    if (fieldEnd < 0)
      return `column ${fields.count + 1}: ${isQuoted ? 'a quote that is never closed' : 'a quote inside a field without quotes around it'}`;
    const index = fields.count++;
    fields.starts[index] = isQuoted ? at + 1 : at;
    fields.ends[index] = fieldEnd;
    fields.quoted[index] = isQuoted;
    fields.doubled[index] = isQuoted && bytes.subarray(at + 1, fieldEnd).includes(quote);
    at = isQuoted ? fieldEnd + 1 : fieldEnd;
    if (at >= last) return undefined;
    if (bytes[at] !== delimiter) return `column ${index + 1}: text after the closing quote`;
  }
}

/** Offset of the quote that closes a field, or -1. */
function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] !== quote) continue;
    if (bytes[at + 1] !== quote || at + 1 >= end) return at;
    at++;
  }
  return -1;
}

/** Offset of the delimiter or the end behind a plain field, or -1 where a quote is in it. */
function plainEnd(bytes: Uint8Array, from: number, end: number, delimiter: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (byte === delimiter) return at;
    if (byte === quote) return -1;
  }
  return end;
}
