/** Where a line for people goes when the context has no log. */
export function printToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
