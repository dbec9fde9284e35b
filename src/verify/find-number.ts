import type { Marker } from './marker.ts';

/**
 * The number that a message carries: in the field of that path, or, where none is named, in the first part of it that holds one. Undefined where the message is none
 * of this run's.
 */
export function findNumber(
  value: unknown,
  path: readonly string[] | undefined,
  marker: Marker,
): number | undefined {
  if (path === undefined) return search(value, marker);
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return marker.read(at);
}

function search(value: unknown, marker: Marker): number | undefined {
  if (typeof value !== 'object' || value === null) return marker.read(value);
  for (const part of Object.values(value)) {
    const found = search(part, marker);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `order.id` as its names. */
export function pathOf(field: string): readonly string[] {
  return field.split('.');
}
