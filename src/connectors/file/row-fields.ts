import { NstackError } from '../../core/index.ts';
import { type Field, printType, type Type } from '../../types/index.ts';

/** One field of the wanted record, and the column of the file that fills it. */
export interface RowField {
  readonly name: string;
  /** Without `optional` and names. */
  readonly type: PlainType;
  readonly optional: boolean;
  /** Index of the column. */
  readonly column: number;
}

/**
 * Finds the columns that a row of a table needs to fit the type: a record takes the columns called like its fields (exactly, or else
 * the only one that differs in case alone), a Map or Json takes them all. A field that is optional may have no column. Throws with all
 * columns listed, described by `describe`.
 */
export function rowFields(
  type: Type,
  columns: readonly string[],
  options: { readonly shown: string; readonly describe: (column: number) => string },
): readonly RowField[] {
  const row = plainType(type).type;
  const listed = `Columns of ${options.shown}: ${columns.map((_, column) => options.describe(column)).join(', ')}.`;
  if (row.kind === 'record') {
    const found = row.fields.map((field) => ({ field, column: findColumn(field.name, columns) }));
    const missing = found.filter(
      ({ field, column }) => column === undefined && !plainType(field.type).optional,
    );
    if (missing.length > 0)
      throw missingColumns(
        missing.map(({ field }) => field),
        options.shown,
        listed,
      );
    return found.flatMap(({ field, column }) =>
      column === undefined ? [] : [{ name: field.name, ...plainType(field.type), column }],
    );
  }
  const item: Type | undefined = row.kind === 'map' ? row.item : row.kind === 'json' ? row : undefined;
  if (item !== undefined) return columns.map((name, column) => ({ name, ...plainType(item), column }));
  throw new NstackError(
    'connector-invalid',
    `${options.shown}: its rows are records, and the first stage takes ${printType(type)}`,
    { hint: `Let it take a record. ${listed}` },
  );
}

export type PlainType = Exclude<Type, { readonly kind: 'named' | 'optional' }>;

/** A type without the names and the `optional` around it. */
export function plainType(type: Type): { readonly type: PlainType; readonly optional: boolean } {
  if (type.kind === 'named') return plainType(type.target);
  if (type.kind === 'optional') return { type: plainType(type.item).type, optional: true };
  return { type, optional: false };
}

function findColumn(name: string, columns: readonly string[]): number | undefined {
  const exact = columns.indexOf(name);
  if (exact >= 0) return exact;
  const lower = name.toLowerCase();
  const alike = columns.flatMap((column, index) => (column.toLowerCase() === lower ? [index] : []));
  return alike.length === 1 ? alike[0] : undefined;
}

function missingColumns(fields: readonly Field[], shown: string, listed: string): NstackError {
  const names = fields.map(({ name, type }) => `${name}: ${printType(type)}`).join(', ');
  const what =
    fields.length === 1 ? `no column for the field ${names}` : `no columns for the fields ${names}`;
  return new NstackError('connector-invalid', `${shown} has ${what}`, {
    hint: `${listed} Rename the field, or make it optional.`,
  });
}
