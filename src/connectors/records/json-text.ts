import type { Validator } from '../../types/index.ts';

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;

/** Bytes that grow: what it holds is handed out by `take` and is the caller's then. */
export interface JsonText {
  /** Appends bytes[start, end) as they stand. */
  raw(bytes: Uint8Array, start: number, end: number): void;
  byte(value: number): void;
  /** Appends the UTF-8 text bytes[start, end) as a JSON string. */
  string(bytes: Buffer, start: number, end: number): void;
  /** Whether what was appended since `from` is one JSON value of the validator's type. */
  fits(validator: Validator, from: number): boolean;
  /** Where the next byte goes; `rewind` drops what was written since. */
  readonly length: number;
  rewind(length: number): void;
  /** Everything but the last `less` bytes, and an empty text from then on. */
  take(less: number): Buffer;
}

const firstCapacity = 64 * 1024;
const fewBytes = 64;

export function createJsonText(): JsonText {
  let held = Buffer.allocUnsafeSlow(firstCapacity);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= held.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(held.length * 2, length + more));
    held.copy(grown, 0, 0, length);
    held = grown;
  }

  function raw(bytes: Uint8Array, start: number, end: number): void {
    reserve(end - start);
    // A view costs more than a few bytes do.
    if (end - start < fewBytes) for (let at = start; at < end; at++) held[length++] = bytes[at] ?? 0;
    else {
      held.set(bytes.subarray(start, end), length);
      length += end - start;
    }
  }

  function byte(value: number): void {
    reserve(1);
    held[length++] = value;
  }

  return {
    raw,
    byte,
    string(bytes, start, end) {
      byte(quote);
      if (needsEscape(bytes, start, end)) {
        const escaped = Buffer.from(JSON.stringify(bytes.toString('utf8', start, end)));
        raw(escaped, 1, escaped.length - 1);
      } else {
        raw(bytes, start, end);
      }
      byte(quote);
    },
    fits(validator, from) {
      // What an earlier text left behind the end must not look like more digits of a number.
      reserve(1);
      held[length] = lineFeed;
      return validator.check(held, from, length) === undefined;
    },
    get length() {
      return length;
    },
    rewind(to) {
      length = to;
    },
    take(less) {
      const taken = held.subarray(0, length - less);
      held = Buffer.allocUnsafeSlow(firstCapacity);
      length = 0;
      return taken;
    },
  };
}

function needsEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === quote || byte === backslash) return true;
  }
  return false;
}
