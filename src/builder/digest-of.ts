import { createHash } from 'node:crypto';

/** `sha256:...` of a value as JSON. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
}
