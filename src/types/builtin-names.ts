import type { ScalarKind } from './type.ts';

/** The names of the type language that stand for a type by themselves. */
export const scalarNames: ReadonlyMap<string, ScalarKind> = new Map([
  ['Integer', 'integer'],
  ['Double', 'double'],
  ['Boolean', 'boolean'],
  ['Text', 'text'],
  ['Bytes', 'bytes'],
  ['Timestamp', 'timestamp'],
  ['Json', 'json'],
  ['Void', 'void'],
]);

/** Names that no declared type and no case of a sum may have. */
export const builtinNames: ReadonlySet<string> = new Set([...scalarNames.keys(), 'Map', 'Vector', 'Matrix']);

/** What people who come from other languages write, in lower case, and what it is called here. */
export const foreignNames: ReadonlyMap<string, string> = new Map([
  ...pairs('Text', 'string str char varchar uuid'),
  ...pairs('Integer', 'int int8 int16 int32 int64 long short bigint biginteger uint word natural'),
  ...pairs('Double', 'float float32 float64 number numeric decimal bigdecimal real'),
  ...pairs('Boolean', 'bool'),
  ...pairs('Bytes', 'bytestring bytearray blob binary byte'),
  ...pairs('Timestamp', 'datetime date time utctime instant zoneddatetime offsetdatetime'),
  ...pairs('Json', 'any object value unknown'),
  ...pairs('()', 'none null nil unit nothing'),
  ...pairs('[T]', 'list array seq set sequence'),
  ...pairs('Map T', 'dict dictionary hashmap'),
  ...pairs('optional T', 'maybe optional nullable option'),
  ...pairs('(A, B)', 'tuple pair'),
]);

function pairs(name: string, others: string): readonly (readonly [string, string])[] {
  return others.split(' ').map((other) => [other, name] as const);
}
