import { stripVTControlCharacters } from 'node:util';

/**
 * Cuts text that comes in pieces into lines. A carriage return alone ends a line too, since progress bars are drawn with it; escape
 * sequences for colours and cursors are left out, and so are lines that were empty but for them. A line is at most 8,192 characters.
 */
export function lineSplitter(onLine: (line: string) => void): { take(piece: string): void; end(): void } {
  let rest = '';
  const emit = (line: string) => {
    const plain = stripControls(line).trimEnd();
    if (plain !== '') onLine(plain.slice(0, longestLine));
  };
  return {
    take(piece) {
      const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) emit(line);
      if (rest.length > longestLine) {
        emit(rest);
        rest = '';
      }
    },
    end() {
      emit(rest);
      rest = '';
    },
  };
}

const longestLine = 8_192;

/** Tabs alone may stay. */
function stripControls(line: string): string {
  return stripVTControlCharacters(line).replace(/[^\P{Cc}\t]/gu, '');
}
