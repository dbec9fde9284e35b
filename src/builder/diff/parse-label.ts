/** The JSON of an image's label where it has the shape that is asked for. Whoever made the image wrote it: anything else is undefined. */
export function parseLabel<T>(
  text: string | undefined,
  isShape: (value: unknown) => value is T,
): T | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isShape(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
