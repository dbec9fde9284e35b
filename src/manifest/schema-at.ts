import { manifestSchema, type SchemaNode } from './schema.ts';
import type { Path } from './yaml-value.ts';

/** The part of the schema that rules the value at a path. */
export function schemaAt(path: Path, value: unknown = {}): SchemaNode {
  let schema = resolveSchema(manifestSchema, path.length === 0 ? value : {});
  for (const [index, segment] of path.entries()) {
    const own =
      typeof segment === 'string' && Object.hasOwn(schema.properties ?? {}, segment)
        ? schema.properties?.[segment]
        : undefined;
    const part = own ?? (typeof segment === 'number' ? schema.items : schema.additionalProperties) ?? {};
    schema = resolveSchema(part === false ? {} : part, index === path.length - 1 ? value : {});
  }
  return schema;
}

/** Follows a reference, and takes the branch for a mapping or for anything else. */
export function resolveSchema(schema: SchemaNode, value: unknown): SchemaNode {
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? schema : (manifestSchema.definitions?.[name] ?? {});
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  const branch = isMapping ? target.then : target.else;
  return branch === undefined ? target : resolveSchema(branch, value);
}
