/** The last lines that a program printed, at most 20, as they stand below a message of an error: each after a line break and a bar. */
export function quotedLines(lines: readonly string[]): string {
  return lines
    .slice(-20)
    .map((line) => `\n  | ${line}`)
    .join('');
}
