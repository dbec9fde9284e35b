import type { Validator } from '../../types/index.ts';
import type { Format } from '../connector.ts';
import { createBytesFormat, createTextFormat } from './encoded-format.ts';
import { createJsonFormat } from './json-format.ts';
import type { RecordFormat } from './record-format.ts';

/** The format for a source whose records are lines. */
export function createLineFormat(format: Format, validator: Validator): RecordFormat {
  if (format === 'text') return createTextFormat();
  if (format === 'bytes') return createBytesFormat();
  return createJsonFormat(validator);
}
