/** A text on one line, without signs that could move a cursor, and not longer than `most`. */
export function oneLine(text: string, most = Number.POSITIVE_INFINITY): string {
  const line = plain(text).replaceAll('\n', ' ').replaceAll('\t', ' ');
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** A text without signs that could move a cursor or turn a line, but for line feeds and tabs. */
export function plain(text: string): string {
  return text.replace(/[^\P{Control}\n\t]|[\p{Bidi_Control}\p{Surrogate}]/gu, '\u{fffd}');
}
