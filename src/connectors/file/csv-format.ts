import { compileValidator, printType, type Type, type Validator } from '../../types/index.ts';
import { createJsonText, type JsonText } from '../records/json-text.ts';
import type { RecordFormat } from '../records/record-format.ts';
import { createCsvFields, splitCsvRecord } from './csv-fields.ts';
import type { RowField } from './row-fields.ts';

const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const quote = 0x22;
const nothing = Buffer.from('null');

interface Column extends RowField {
  /** `"name":` */
  readonly key: Buffer;
  readonly validator: Validator;
  /** `text`: becomes a JSON string as it is. `quoted`: a JSON string of a certain form. `raw`: is JSON itself. */
  readonly how: 'text' | 'quoted' | 'raw';
}

/** Makes a JSON record of each CSV record, its fields in the order of the type. Nothing is guessed: a text that does not fit rejects the row. */
export function createCsvFormat(
  fields: readonly RowField[],
  header: readonly string[],
  delimiter: number,
  anything: boolean,
): RecordFormat {
  const columns = fields.map((field) => columnOf(field, anything));
  const found = createCsvFields();
  const text = createJsonText();

  function append(bytes: Buffer, column: Column): string | undefined {
    const index = column.column;
    const start = found.starts[index] ?? 0;
    const end = found.ends[index] ?? 0;
    if (start === end && column.optional && found.quoted[index] === false) {
      text.raw(nothing, 0, nothing.length);
      return undefined;
    }
    const source = found.doubled[index] === true ? undouble(bytes, start, end) : undefined;
    const before = text.length;
    appendValue(text, column.how, source ?? bytes, source === undefined ? start : 0, source?.length ?? end);
    if (column.how === 'text' || text.fits(column.validator, before)) return undefined;
    const shown = JSON.stringify((source ?? bytes.subarray(start, end)).toString('utf8').slice(0, 60));
    return `column ${header[index]}: expected ${printType(column.type)}, found ${start === end ? 'nothing' : shown}`;
  }

  return {
    text: true,
    take(bytes, start, end) {
      const fault = splitCsvRecord(bytes, start, end, delimiter, found);
      if (fault !== undefined) return fault;
      if (found.count !== header.length) {
        return found.count === 1 && found.starts[0] === found.ends[0]
          ? 'an empty line'
          : `${found.count} columns, and the header has ${header.length}`;
      }
      const before = text.length;
      text.byte(openBrace);
      for (const [position, column] of columns.entries()) {
        if (position > 0) text.byte(comma);
        text.raw(column.key, 0, column.key.length);
        const misfit = append(bytes, column);
        if (misfit === undefined) continue;
        text.rewind(before);
        return misfit;
      }
      text.byte(closeBrace);
      text.byte(comma);
      return undefined;
    },
    drain: () => (text.length === 0 ? [] : [text.take(1)]),
  };
}

function columnOf(field: RowField, anything: boolean): Column {
  const key = Buffer.from(`${JSON.stringify(field.name)}:`);
  return {
    ...field,
    key,
    validator: compileValidator(field.type, 'input'),
    how: anything ? 'text' : howOf(field.type),
  };
}

function howOf({ kind }: Type): Column['how'] {
  if (kind === 'text') return 'text';
  return kind === 'timestamp' || kind === 'bytes' ? 'quoted' : 'raw';
}

function appendValue(text: JsonText, how: Column['how'], bytes: Buffer, start: number, end: number): void {
  if (how === 'raw') text.raw(bytes, start, end);
  else text.string(bytes, start, end);
}

/** The text with each doubled quote made one. */
function undouble(bytes: Buffer, start: number, end: number): Buffer {
  const single = Buffer.allocUnsafe(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === quote) at++;
    single[length++] = bytes[at] ?? 0;
  }
  return single.subarray(0, length);
}
