import { type DuckDBType, DuckDBTypeId as Id } from '@duckdb/node-api';
import { NstackError } from '../../core/index.ts';
import { printType, type Type } from '../../types/index.ts';
import { plainType, type RowField, rowFields } from './row-fields.ts';

export interface Column {
  readonly name: string;
  readonly type: DuckDBType;
}

/**
 * The SELECT list that makes rows of these columns fit the type when DuckDB prints them as JSON. Throws with the file's schema listed
 * where a column is missing or cannot be of the wanted type.
 */
export function selectList(type: Type, columns: readonly Column[], shown: string): string {
  const describe = (index: number) => describeColumn(columns[index]);
  const fields = rowFields(
    type,
    columns.map(({ name }) => name),
    { shown, describe },
  );
  // A record without fields asks for none; a row must hold one, and what a record does not ask for is ignored.
  const [first] = columns;
  if (fields.length === 0 && first !== undefined) return quoteName(first.name);
  const converted = fields.map((field) => ({ field, sql: fieldSql(field, columns) }));
  const misfits = converted.filter(({ sql }) => sql === undefined);
  if (misfits.length === 0) {
    return converted.map(({ field, sql }) => `${sql} AS ${quoteName(field.name)}`).join(', ');
  }
  const told = misfits.map(
    ({ field }) => `column ${describe(field.column)} cannot be ${field.name}: ${printType(field.type)}`,
  );
  throw new NstackError('connector-invalid', `${shown}: ${told.join('; ')}`, {
    hint: `Columns of ${shown}: ${columns.map((column) => describeColumn(column)).join(', ')}.`,
  });
}

/** A name as SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function describeColumn(column: Column | undefined): string {
  return column === undefined ? '' : `${column.name} ${column.type.alias ?? column.type}`;
}

function fieldSql(field: RowField, columns: readonly Column[]): string | undefined {
  const column = columns[field.column];
  return column === undefined ? undefined : convert(quoteName(column.name), column.type, field.type, 0);
}

/** SQL for the value as the wanted type's JSON; undefined where no value of that column could fit. `depth` names the lambdas apart. */
function convert(sql: string, from: DuckDBType, wanted: Type, depth: number): string | undefined {
  const { type } = plainType(wanted);
  if (from.alias === 'JSON') return sql;
  switch (type.kind) {
    case 'json':
      return natural(sql, from, depth);
    case 'integer':
      return isInteger(from) ? sql : undefined;
    case 'double':
      return isNumber(from) ? sql : undefined;
    case 'boolean':
      return from.typeId === Id.BOOLEAN ? sql : undefined;
    case 'text':
      if (from.typeId === Id.VARCHAR) return sql;
      return textual.has(from.typeId) ? `${sql}::VARCHAR` : undefined;
    case 'bytes':
      return from.typeId === Id.BLOB ? `base64(${sql})` : undefined;
    case 'timestamp':
      return timestamp(sql, from);
    case 'list':
      return from.typeId === Id.LIST || from.typeId === Id.ARRAY
        ? list(sql, from.valueType, type.item, depth)
        : undefined;
    case 'map':
      return from.typeId === Id.MAP && from.keyType.typeId === Id.VARCHAR
        ? map(sql, from.valueType, type.item, depth)
        : undefined;
    case 'record':
      return from.typeId === Id.STRUCT ? struct(sql, from, type.fields, depth) : undefined;
    case 'tuple':
    case 'sum':
    case 'unit':
    case 'void':
      return undefined;
    default:
      return type satisfies never;
  }
}

const textual: ReadonlySet<Id> = new Set([Id.UUID, Id.ENUM, Id.DATE, Id.TIME, Id.DECIMAL]);
const integers: ReadonlySet<Id> = new Set([
  Id.TINYINT,
  Id.SMALLINT,
  Id.INTEGER,
  Id.BIGINT,
  Id.HUGEINT,
  Id.UTINYINT,
  Id.USMALLINT,
  Id.UINTEGER,
  Id.UBIGINT,
  Id.UHUGEINT,
]);
const timestamps: ReadonlySet<Id> = new Set([Id.TIMESTAMP, Id.TIMESTAMP_S, Id.TIMESTAMP_MS, Id.TIMESTAMP_NS]);

function isInteger(from: DuckDBType): boolean {
  return integers.has(from.typeId) || (from.typeId === Id.DECIMAL && from.scale === 0);
}

function isNumber(from: DuckDBType): boolean {
  return (
    isInteger(from) || from.typeId === Id.DECIMAL || from.typeId === Id.FLOAT || from.typeId === Id.DOUBLE
  );
}

/** RFC 3339 in UTC. A time without a zone is taken as UTC, a date as its midnight. What RFC 3339 cannot write is rejected with its row. */
function timestamp(sql: string, from: DuckDBType): string | undefined {
  if (timestamps.has(from.typeId)) return `replace(${sql}::VARCHAR, ' ', 'T') || 'Z'`;
  // The session's time zone is UTC.
  if (from.typeId === Id.TIMESTAMP_TZ) return `replace(${sql}::TIMESTAMP::VARCHAR, ' ', 'T') || 'Z'`;
  return from.typeId === Id.DATE ? `${sql}::VARCHAR || 'T00:00:00Z'` : undefined;
}

function list(sql: string, from: DuckDBType, wanted: Type, depth: number): string | undefined {
  const item = `item${depth}`;
  const converted = convert(item, from, wanted, depth + 1);
  if (converted === undefined || converted === item) return converted && sql;
  return `list_transform(${sql}, lambda ${item}: ${converted})`;
}

function map(sql: string, from: DuckDBType, wanted: Type, depth: number): string | undefined {
  const values = list(`map_values(${sql})`, from, wanted, depth);
  if (values === undefined || values === `map_values(${sql})`) return values && sql;
  return `CASE WHEN ${sql} IS NOT NULL THEN map(map_keys(${sql}), ${values}) END`;
}

function struct(
  sql: string,
  from: Extract<DuckDBType, { readonly typeId: Id.STRUCT }>,
  fields: readonly { readonly name: string; readonly type: Type }[],
  depth: number,
): string | undefined {
  const entries: string[] = [];
  for (const { name, type } of fields) {
    const index = from.entryNames.indexOf(name);
    const entry = from.entryTypes[index];
    if (entry === undefined && plainType(type).optional) continue;
    const value = entry && convert(`struct_extract(${sql}, ${quoteText(name)})`, entry, type, depth);
    if (value === undefined) return undefined;
    entries.push(`${quoteName(name)} := ${value}`);
  }
  return entries.length === 0
    ? sql
    : `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${entries.join(', ')}) END`;
}

/** The value as DuckDB prints it, but for times and bytes, which become what Timestamp and Bytes are. */
function natural(sql: string, from: DuckDBType, depth: number): string {
  const json: Type = { kind: 'json' };
  if (from.typeId === Id.BLOB) return `base64(${sql})`;
  if (from.typeId === Id.LIST || from.typeId === Id.ARRAY)
    return list(sql, from.valueType, json, depth) ?? sql;
  if (from.typeId === Id.MAP) return map(sql, from.valueType, json, depth) ?? sql;
  if (from.typeId === Id.STRUCT) {
    const fields = from.entryNames.map((name) => ({ name, type: json }));
    return struct(sql, from, fields, depth) ?? sql;
  }
  return (from.typeId === Id.DATE ? undefined : timestamp(sql, from)) ?? sql;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
