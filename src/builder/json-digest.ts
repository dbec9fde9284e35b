import { digestOf } from '../core/index.ts';

/** `sha256:...` of a value as JSON. */
export function jsonDigest(value: unknown): string {
  return digestOf(JSON.stringify(value));
}
