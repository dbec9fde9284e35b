import { NstackError, nearestWord } from '../../../core/index.ts';
import { missingField, type Type } from '../../../types/index.ts';

/** Throws where messages of the type can have no such field. */
export function checkKey(path: string, type: Type, what: string): void {
  const missing = missingField(path, type);
  if (missing === undefined) return;
  const { name, known } = missing;
  const near = nearestWord(name, known);
  const has = known.length === 0 ? 'they have no fields' : `there are ${known.join(', ')}`;
  throw new NstackError(
    'connector-invalid',
    `${what}: key = ${JSON.stringify(path)}: the messages have no field ${name}: ${has}`,
    {
      hint:
        near === undefined ? 'Name a field of the messages, or leave out `key`.' : `Did you mean ${near}?`,
    },
  );
}
