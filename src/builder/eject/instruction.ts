/** The build argument that stands for a line break: a Dockerfile has no way to write one. */
export const newlineArgument = 'NSTACK_NEWLINE';

/**
 * A text as the value of ENV, LABEL or ARG. Between double quotes a Dockerfile knows a backslash, a quotation mark and a variable (builder reference,
 * "Environment replacement"); a line break would end the instruction, and comes in by {@link newlineArgument}.
 */
export function quotedValue(text: string): string {
  const escaped = text.replaceAll(/["\\$]/g, '\\$&').replaceAll('\n', `\${${newlineArgument}}`);
  return `"${escaped}"`;
}

/** Words as the JSON form of RUN, COPY or ENTRYPOINT, which no shell sees. */
export function jsonForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
