import { NstackError } from '../../core/index.ts';
import { compileValidator, printType } from '../../types/index.ts';
import type { OpenContext } from '../connector.ts';

/** Throws unless what the format makes of a line can fit the type: `text` and `bytes` give JSON strings. */
export function checkLineFormat({ format, type }: OpenContext, name: string): void {
  if (format === 'json') return;
  const empty = Buffer.from('""');
  if (compileValidator(type, 'input').check(empty, 0, empty.length) === undefined) return;
  throw new NstackError(
    'connector-invalid',
    `${name}: the format ${format} gives ${format === 'text' ? 'Text' : 'Bytes'}, but ${printType(type)} is asked for`,
    { hint: 'Leave out `format`, so that each line is read as JSON.' },
  );
}
