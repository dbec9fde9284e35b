import type { Case, Field, Type } from './type.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * A type in nstack's dialect of JSON Schema (draft 2020-12): each type has exactly one form, so that a shim can describe its code in it and
 * {@link fromJsonSchema} can read it back. docs/bridge-protocol.md lists the forms.
 */
export function toJsonSchema(type: Type): Json {
  switch (type.kind) {
    case 'integer':
      return { type: 'integer' };
    case 'double':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    case 'text':
      return { type: 'string' };
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64' };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'json':
      return {};
    case 'unit':
      return { type: 'null' };
    case 'void':
      return { not: {} };
    case 'named':
      return { title: type.name, ...toJsonSchema(type.target) };
    case 'list':
      return { type: 'array', items: toJsonSchema(type.item) };
    case 'map':
      return { type: 'object', additionalProperties: toJsonSchema(type.item) };
    case 'optional':
      return { anyOf: [toJsonSchema(type.item), { type: 'null' }] };
    case 'tuple':
      return {
        type: 'array',
        prefixItems: type.items.map(toJsonSchema),
        items: false,
        minItems: type.items.length,
      };
    case 'record':
      return {
        type: 'object',
        properties: Object.fromEntries(type.fields.map((field) => [field.name, toJsonSchema(field.type)])),
        required: type.fields.filter((field) => !isOptional(field.type)).map((field) => field.name),
      };
    case 'sum':
      return { oneOf: type.cases.map(caseSchema) };
    default: {
      const never: never = type;
      throw new Error(`unknown type ${JSON.stringify(never)}`);
    }
  }
}

function caseSchema({ name, type }: Case): Json {
  return {
    type: 'object',
    properties: { [name]: toJsonSchema(type) },
    required: [name],
    additionalProperties: false,
  };
}

function isOptional(type: Type): boolean {
  return type.kind === 'named' ? isOptional(type.target) : type.kind === 'optional';
}

/** Schemas nested deeper than this are refused; types never are. */
const deepest = 64;

/** The type that a schema of the dialect stands for, or what is wrong with it. Safe on any input. */
export function fromJsonSchema(schema: unknown): { readonly type: Type } | { readonly fault: string } {
  try {
    return { type: read(schema, '$', 0) };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.message };
    throw error;
  }
}

class Unreadable extends Error {}

function read(schema: unknown, path: string, depth: number): Type {
  if (depth > deepest) throw new Unreadable(`${path}: nested deeper than ${deepest}`);
  if (!isObject(schema)) throw new Unreadable(`${path}: no JSON Schema object`);
  if (typeof schema.title === 'string') {
    const { title, ...rest } = schema;
    return { kind: 'named', name: title, target: read(rest, path, depth) };
  }
  if (Array.isArray(schema.anyOf)) return readOptional(schema.anyOf, path, depth);
  if (Array.isArray(schema.oneOf))
    return {
      kind: 'sum',
      cases: schema.oneOf.map((one, nth) => readCase(one, `${path}.oneOf[${nth}]`, depth)),
    };
  if (schema.not !== undefined) return { kind: 'void' };
  switch (schema.type) {
    case undefined:
      if (Object.keys(schema).length > 0)
        throw new Unreadable(`${path}: not of the dialect: ${JSON.stringify(Object.keys(schema))}`);
      return { kind: 'json' };
    case 'integer':
      return { kind: 'integer' };
    case 'number':
      return { kind: 'double' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'null':
      return { kind: 'unit' };
    case 'string':
      return {
        kind:
          schema.contentEncoding === 'base64'
            ? 'bytes'
            : schema.format === 'date-time'
              ? 'timestamp'
              : 'text',
      };
    case 'array':
      return readArray(schema, path, depth);
    case 'object':
      return readObject(schema, path, depth);
    default:
      throw new Unreadable(`${path}: the type ${JSON.stringify(schema.type)} is not of the dialect`);
  }
}

function readOptional(anyOf: readonly unknown[], path: string, depth: number): Type {
  const [item, none] = anyOf;
  if (anyOf.length !== 2 || !isObject(none) || none.type !== 'null')
    throw new Unreadable(`${path}: anyOf is only for [T, null]`);
  return { kind: 'optional', item: read(item, path, depth + 1) };
}

function readCase(schema: unknown, path: string, depth: number): Case {
  const properties = isObject(schema) && isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const [only] = properties;
  if (only === undefined || properties.length > 1)
    throw new Unreadable(`${path}: a case is an object with one property`);
  return { name: only[0], type: read(only[1], `${path}.${only[0]}`, depth + 1) };
}

function readArray(schema: Json, path: string, depth: number): Type {
  if (Array.isArray(schema.prefixItems)) {
    return {
      kind: 'tuple',
      items: schema.prefixItems.map((item, nth) => read(item, `${path}[${nth}]`, depth + 1)),
    };
  }
  return { kind: 'list', item: read(schema.items, `${path}[]`, depth + 1) };
}

function readObject(schema: Json, path: string, depth: number): Type {
  if (isObject(schema.additionalProperties))
    return { kind: 'map', item: read(schema.additionalProperties, `${path}{}`, depth + 1) };
  if (!isObject(schema.properties))
    throw new Unreadable(`${path}: an object needs properties or additionalProperties`);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries(schema.properties).map(([name, value]): Field => {
    const type = read(value, `${path}.${name}`, depth + 1);
    if (!required.includes(name) && !isOptional(type))
      throw new Unreadable(`${path}.${name}: only a field that may be null may be left out`);
    return { name, type };
  });
  return { kind: 'record', fields };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
