import { isOptional } from './is-optional.ts';
import type { Case, Type } from './type.ts';

export type Json = Readonly<Record<string, unknown>>;

/**
 * A type in nstack's dialect of JSON Schema (draft 2020-12): each type has exactly one form, so that a shim can describe its code in it and
 * {@link fromJsonSchema} can read it back. docs/bridge-protocol.md lists the forms. A name is the schema's title; of a name for a name the
 * outer one is kept.
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
      return { ...toJsonSchema(type.target), title: type.name };
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
        required: type.fields.filter((field) => !isOptional(field)).map((field) => field.name),
      };
    case 'sum':
      return { oneOf: type.cases.map(caseSchema) };
    default:
      return type satisfies never;
  }
}

function caseSchema({ name, type }: Case): Json {
  return {
    type: 'object',
    // A name such as __proto__ must become a property as any other.
    properties: Object.fromEntries([[name, toJsonSchema(type)]]),
    required: [name],
    additionalProperties: false,
  };
}
