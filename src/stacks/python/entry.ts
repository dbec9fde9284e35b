import { posix } from 'node:path';
import type { ServiceFolder } from '../stack.ts';

/** The code file of a Python service, as a path below its folder. */
export function entryOf({ manifest }: ServiceFolder): string {
  return posix.normalize(manifest.entry ?? 'service.py');
}
