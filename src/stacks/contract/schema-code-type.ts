import type { Type } from '../../types/index.ts';
import type { CodeCase, CodeField, CodeType } from '../stack.ts';

/** A JSON Schema that is not of the dialect; the message says why, and at which JSON path. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const deepest = 256;

/**
 * What a schema of rpc.discover says of a type: the dialect of src/types (docs/bridge-protocol.md) with the marks that only code has:
 * unstated, unsupported, and objects and arrays of any shape. Throws `SchemaError` for anything else.
 */
export function codeTypeFromSchema(schema: unknown, path = '$', depth = 0): CodeType {
  if (!isObject(schema)) throw new SchemaError(`${path} is no JSON Schema object`);
  if (depth > deepest) throw new SchemaError(`${path} is nested too deeply`);
  const inner = (part: unknown, step: string) => codeTypeFromSchema(part, `${path}.${step}`, depth + 1);
  const mark = schema['x-nstack'];
  if (mark === 'unstated') return { kind: 'unstated' };
  if (mark === 'unsupported') {
    return {
      kind: 'unsupported',
      text: textIn(schema, 'text', path),
      reason: textIn(schema, 'reason', path),
    };
  }
  if (mark !== undefined) throw new SchemaError(`${path} has an unknown mark`);
  if (schema.anyOf !== undefined) return optionalFrom(schema.anyOf, path, inner);
  if (schema.oneOf !== undefined) return sumFrom(schema, path, inner);
  switch (schema.type) {
    case undefined:
      return { kind: 'open', shape: 'any', text: 'Any' };
    case 'integer':
      return known({ kind: 'integer' }, 'Integer');
    case 'number':
      return known({ kind: 'double' }, 'Double');
    case 'boolean':
      return known({ kind: 'boolean' }, 'Boolean');
    case 'null':
      return known({ kind: 'unit' }, '()');
    case 'string':
      return stringFrom(schema, path);
    case 'array':
      return arrayFrom(schema, path, inner);
    case 'object':
      return objectFrom(schema, path, inner);
    default:
      throw new SchemaError(`${path} has a type that is not of the dialect`);
  }
}

type Inner = (part: unknown, step: string) => CodeType;
type JsonObject = Readonly<Record<string, unknown>>;

function optionalFrom(anyOf: unknown, path: string, inner: Inner): CodeType {
  const [item, none, ...more] = Array.isArray(anyOf) ? anyOf : [];
  if (!isObject(none) || none.type !== 'null' || more.length > 0)
    throw new SchemaError(`${path}.anyOf is no optional`);
  const type = inner(item, 'anyOf');
  return { kind: 'optional', item: type, text: `optional ${textOf(type)}` };
}

function sumFrom(schema: JsonObject, path: string, inner: Inner): CodeType {
  const { oneOf, title } = schema;
  if (!Array.isArray(oneOf) || oneOf.length === 0) throw new SchemaError(`${path}.oneOf is no list`);
  const cases = oneOf.map((part: unknown): CodeCase => {
    const properties = isObject(part) ? part.properties : undefined;
    const [entry, ...more] = isObject(properties) ? Object.entries(properties) : [];
    if (entry === undefined || more.length > 0) throw new SchemaError(`${path}.oneOf holds no case`);
    const type = inner(entry[1], entry[0]);
    return { name: entry[0], type, ...payloadOf(type) };
  });
  const text = typeof title === 'string' ? title : cases.map(({ name }) => name).join(' | ');
  return { kind: 'sum', cases, text };
}

function payloadOf(type: CodeType): { readonly payload?: CodeType } {
  const [only, ...more] = type.kind === 'record' ? type.fields : [];
  return only?.name === 'value' && more.length === 0 ? { payload: only.type } : {};
}

function stringFrom(schema: JsonObject, path: string): CodeType {
  const { format, contentEncoding } = schema;
  if (contentEncoding === 'base64') return known({ kind: 'bytes' }, 'Bytes');
  if (format === 'date-time') return known({ kind: 'timestamp' }, 'Timestamp');
  if (format !== undefined || contentEncoding !== undefined)
    throw new SchemaError(`${path} has an unknown format`);
  return known({ kind: 'text' }, 'Text');
}

function arrayFrom(schema: JsonObject, path: string, inner: Inner): CodeType {
  const { prefixItems, items } = schema;
  if (prefixItems !== undefined) {
    if (!Array.isArray(prefixItems)) throw new SchemaError(`${path}.prefixItems is no list`);
    const types = prefixItems.map((part: unknown, index) => inner(part, `prefixItems[${index}]`));
    return { kind: 'tuple', items: types, text: `(${types.map(textOf).join(', ')})` };
  }
  if (items === undefined) return { kind: 'open', shape: 'array', text: 'list' };
  const item = inner(items, 'items');
  return { kind: 'list', item, text: `[${textOf(item)}]` };
}

function objectFrom(schema: JsonObject, path: string, inner: Inner): CodeType {
  const { properties, additionalProperties, title, required } = schema;
  if (properties === undefined) {
    if (additionalProperties === undefined) return { kind: 'open', shape: 'object', text: 'dict' };
    const item = inner(additionalProperties, 'additionalProperties');
    return { kind: 'map', item, text: `Map ${textOf(item)}` };
  }
  if (!isObject(properties)) throw new SchemaError(`${path}.properties is no object`);
  const needed: ReadonlySet<unknown> = new Set(Array.isArray(required) ? required : []);
  const fields = Object.entries(properties).map(([name, part]): CodeField => {
    const type = inner(part, name);
    return { name, type, hasDefault: type.kind !== 'optional' && !needed.has(name) };
  });
  const text =
    typeof title === 'string'
      ? title
      : `{ ${fields.map(({ name, type }) => `${name}: ${textOf(type)}`).join(', ')} }`;
  return { kind: 'record', fields, text: text.length > 120 ? `${text.slice(0, 117)}...` : text };
}

function known(type: Type, text: string): CodeType {
  return { kind: 'known', type, text };
}

function textOf(type: CodeType): string {
  return type.kind === 'unstated' ? 'Any' : type.text;
}

function textIn(schema: JsonObject, key: string, path: string): string {
  const text = schema[key];
  if (typeof text !== 'string') throw new SchemaError(`${path}.${key} is no text`);
  return text.slice(0, 500);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
