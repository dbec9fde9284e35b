import { builtinNames } from './builtin-names.ts';
import { isOptionalType } from './is-optional.ts';
import type { Json } from './json-schema.ts';
import { listOf, mapOf, named, optionalOf, recordOf, scalar, sumOf, tupleOf } from './make-type.ts';
import { nullIn } from './null-in.ts';
import { deepestType } from './read-syntax.ts';
import { mostParts } from './resolve.ts';
import type { Field, ScalarKind, Type } from './type.ts';
import { pathText, type TypePath } from './type-path.ts';

/**
 * The type that a schema of nstack's dialect stands for (see `toJsonSchema`), or in one clause what is wrong with it. The schema is trusted in
 * nothing: what the dialect does not know is a fault, and so is a type that the type language could not say.
 */
export function fromJsonSchema(schema: unknown): { readonly type: Type } | { readonly fault: string } {
  try {
    return { type: new Reader().whole(schema) };
  } catch (error) {
    if (error instanceof SchemaFault) return { fault: error.message };
    throw error;
  }
}

class SchemaFault extends Error {
  constructor(path: TypePath | undefined, message: string) {
    super(`${pathText(path)}: ${message}`);
  }
}

class Reader {
  #parts = 0;

  whole(schema: unknown): Type {
    const isVoid = isObject(schema) && isObject(schema.not) && Object.keys(schema.not).length === 0;
    if (!isVoid) return this.#read(schema, undefined, 1);
    onlyKeys(schema, undefined, ['not']);
    return scalar('void');
  }

  #read(schema: unknown, path: TypePath | undefined, depth: number): Type {
    if (depth > deepestType) throw new SchemaFault(path, `nested more than ${deepestType} deep`);
    if (++this.#parts > mostParts) throw new SchemaFault(path, `more than ${mostParts} parts`);
    if (!isObject(schema)) throw new SchemaFault(path, 'no object');
    const { title, ...bare } = schema;
    const type = this.#bare(bare, path, depth);
    if (title === undefined) return type;
    if (typeof title !== 'string' || !/^[A-Z][A-Za-z0-9_]*$/.test(title) || builtinNames.has(title)) {
      throw new SchemaFault(path, 'a title that is no name of a type');
    }
    return named(title, type);
  }

  #bare(schema: Json, path: TypePath | undefined, depth: number): Type {
    if (schema.anyOf !== undefined) return this.#optional(schema, path, depth);
    if (schema.oneOf !== undefined) return this.#sum(schema, path, depth);
    switch (schema.type) {
      case undefined:
        onlyKeys(schema, path, []);
        return scalar('json');
      case 'string':
        return text(schema, path);
      case 'array':
        return schema.prefixItems === undefined
          ? this.#list(schema, path, depth)
          : this.#tuple(schema, path, depth);
      case 'object':
        return schema.properties === undefined
          ? this.#map(schema, path, depth)
          : this.#record(schema, path, depth);
      default: {
        const kind = typeof schema.type === 'string' ? plainTypes.get(schema.type) : undefined;
        if (kind === undefined) throw new SchemaFault(path, 'a type that the dialect does not know');
        onlyKeys(schema, path, ['type']);
        return scalar(kind);
      }
    }
  }

  #optional(schema: Json, path: TypePath | undefined, depth: number): Type {
    onlyKeys(schema, path, ['anyOf']);
    const [item, none, ...others] = arrayOf(schema.anyOf, path, 'anyOf');
    if (others.length > 0 || !isObject(none) || none.type !== 'null' || Object.keys(none).length > 1) {
      throw new SchemaFault(path, 'anyOf other than of a type and null');
    }
    const type = this.#read(item, path, depth + 1);
    const problem = nullIn(type);
    if (problem !== undefined)
      throw new SchemaFault(path, `optional needs a type without null, and ${problem}`);
    return optionalOf(type);
  }

  #sum(schema: Json, path: TypePath | undefined, depth: number): Type {
    onlyKeys(schema, path, ['oneOf']);
    const cases = arrayOf(schema.oneOf, path, 'oneOf').map((one): Field => {
      const [[name, payload] = [], ...others] =
        isObject(one) && isObject(one.properties) ? Object.entries(one.properties) : [];
      if (!isObject(one) || name === undefined || others.length > 0 || one.type !== 'object') {
        throw new SchemaFault(path, 'a case that is no object with one property');
      }
      onlyKeys(one, path, ['type', 'properties', 'required', 'additionalProperties']);
      if (one.additionalProperties !== false || !isSame(one.required, [name])) {
        throw new SchemaFault(path, 'a case that is not required, or allows other properties');
      }
      if (!/^[A-Z][A-Za-z0-9_]*$/.test(name) || builtinNames.has(name)) {
        throw new SchemaFault({ parent: path, name }, 'no name of a case');
      }
      return { name, type: this.#read(payload, { parent: path, name }, depth + 1) };
    });
    const names = cases.map(({ name }) => name);
    if (cases.length === 0) throw new SchemaFault(path, 'a sum without cases');
    if (new Set(names).size < names.length) throw new SchemaFault(path, 'a sum with a case twice');
    return sumOf(cases);
  }

  #list(schema: Json, path: TypePath | undefined, depth: number): Type {
    onlyKeys(schema, path, ['type', 'items']);
    return listOf(this.#read(schema.items, { parent: path, segment: '[]' }, depth + 1));
  }

  #tuple(schema: Json, path: TypePath | undefined, depth: number): Type {
    onlyKeys(schema, path, ['type', 'prefixItems', 'items', 'minItems']);
    const items = arrayOf(schema.prefixItems, path, 'prefixItems');
    if (items.length < 2) throw new SchemaFault(path, 'a tuple of fewer than two');
    if (schema.items !== false || schema.minItems !== items.length) {
      throw new SchemaFault(path, 'a tuple that may have more or fewer elements');
    }
    return tupleOf(
      items.map((item, index) => this.#read(item, { parent: path, segment: `[${index}]` }, depth + 1)),
    );
  }

  #map(schema: Json, path: TypePath | undefined, depth: number): Type {
    onlyKeys(schema, path, ['type', 'additionalProperties']);
    return mapOf(this.#read(schema.additionalProperties, { parent: path, segment: '{}' }, depth + 1));
  }

  #record(schema: Json, path: TypePath | undefined, depth: number): Type {
    onlyKeys(schema, path, ['type', 'properties', 'required']);
    if (!isObject(schema.properties)) throw new SchemaFault(path, 'properties that are no object');
    const required = new Set(arrayOf(schema.required, path, 'required'));
    const fields = Object.entries(schema.properties).map(([name, value]): Field => {
      const inner = { parent: path, name };
      if (!name.isWellFormed()) throw new SchemaFault(inner, 'half of a surrogate pair in a name');
      const type = this.#read(value, inner, depth + 1);
      if (required.delete(name) === isOptionalType(type)) {
        throw new SchemaFault(inner, 'a field may be left out where it is optional, and only there');
      }
      return { name, type };
    });
    if (required.size > 0) throw new SchemaFault(path, 'a required property that is not there');
    return recordOf(fields);
  }
}

const plainTypes: ReadonlyMap<string, ScalarKind> = new Map([
  ['integer', 'integer'],
  ['number', 'double'],
  ['boolean', 'boolean'],
  ['null', 'unit'],
]);

function text(schema: Json, path: TypePath | undefined): Type {
  onlyKeys(schema, path, ['type', 'contentEncoding', 'format']);
  const { contentEncoding, format } = schema;
  if (contentEncoding === undefined && format === undefined) return scalar('text');
  if (contentEncoding === 'base64' && format === undefined) return scalar('bytes');
  if (contentEncoding === undefined && format === 'date-time') return scalar('timestamp');
  throw new SchemaFault(path, 'a string of a kind that the dialect does not know');
}

function onlyKeys(schema: Json, path: TypePath | undefined, known: readonly string[]): void {
  const other = Object.keys(schema).find((key) => !known.includes(key));
  if (other !== undefined)
    throw new SchemaFault(
      path,
      `${JSON.stringify(other.slice(0, 60))}, which has no meaning there in the dialect`,
    );
}

function arrayOf(value: unknown, path: TypePath | undefined, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new SchemaFault(path, `${what} that is no array`);
}

function isSame(value: unknown, expected: readonly string[]): boolean {
  return (
    Array.isArray(value) &&
    value.length === expected.length &&
    expected.every((item, index) => value[index] === item)
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
