import type { ConnectionDescription } from './connections-file.ts';
import { referenceWords } from './read-reference.ts';
import { where } from './resolve-connection.ts';

/** A connection as lists show it, references as words: `env KAFKA_PASSWORD`. */
export function connectionWords({ name, system, settings, references, place }: ConnectionDescription): {
  readonly name: string;
  readonly system: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly place: string;
} {
  const words = new Map(
    references.map(({ path, reference }) => [JSON.stringify(path), referenceWords(reference)]),
  );
  const shown = (value: unknown, path: readonly (string | number)[]): unknown => {
    const word = words.get(JSON.stringify(path));
    if (word !== undefined) return word;
    if (Array.isArray(value)) return value.map((item, index) => shown(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item, [...path, key])]));
  };
  return {
    name,
    system,
    settings: Object.fromEntries(Object.entries(settings).map(([key, item]) => [key, shown(item, [key])])),
    place: where(place),
  };
}
