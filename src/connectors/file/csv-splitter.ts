import type { RecordSplitter } from '../records/record-splitter.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;

/** Where in a CSV record the next byte stands. */
type State = 'field-start' | 'plain' | 'quoted' | 'after-quote';

/**
 * Records of RFC 4180: a line feed inside a quoted field is part of the record. A quote that stands inside a plain field is an ordinary
 * sign here, so that a broken record ends with its line; the format rejects it then.
 */
export function createCsvSplitter(delimiter: number): RecordSplitter {
  let state: State = 'field-start';
  let lines = 0;
  let linesFound = 1;

  function found(): void {
    state = 'field-start';
    linesFound = lines + 1;
    lines = 0;
  }

  return {
    find(bytes, from) {
      for (let at = from; at < bytes.length; at++) {
        const byte = bytes[at];
        if (state === 'quoted') {
          if (byte === quote) state = 'after-quote';
          else if (byte === lineFeed) lines++;
        } else if (byte === lineFeed) {
          found();
          return at;
        } else if (byte === delimiter) {
          state = 'field-start';
        } else if (byte === quote && state !== 'plain') {
          state = 'quoted';
        } else if (byte !== carriageReturn || state === 'field-start') {
          state = 'plain';
        }
      }
      return -1;
    },
    get lines() {
      return linesFound;
    },
    reset() {
      state = 'plain';
    },
  };
}
