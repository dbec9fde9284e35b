import { NstackError } from '../../../core/index.ts';
import { missingField, type Type } from '../../../types/index.ts';

/** Throws where messages of the type can have no such field. */
export function checkKey(path: string, type: Type, what: string): void {
  const missing = missingField(path, type);
  if (missing === undefined) return;
  const { text, near } = missing;
  throw new NstackError('connector-invalid', `${what}: key = ${JSON.stringify(path)}: ${text}`, {
    hint: near === undefined ? 'Name a field of the messages, or leave out `key`.' : `Did you mean ${near}?`,
  });
}
