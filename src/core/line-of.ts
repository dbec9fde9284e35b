/** A line of a text by its number from 1, without what ends it; empty where there is none. */
export function lineOf(text: string, number: number): string {
  return text.split('\n')[number - 1]?.replace(/\r$/, '') ?? '';
}
