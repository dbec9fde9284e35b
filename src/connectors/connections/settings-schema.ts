import type { Connector } from '../connector.ts';

/** A node of a JSON Schema, as far as it is looked at here. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keywords of our own in the schema that {@link withReferences} makes. */
export const referenceKeyword = 'nstackReference';
export const plainSecretKeyword = 'nstackPlainSecret';

/**
 * A schema of settings in which a text may also be a reference, and a secret must be one. `nstackReference` stands where a mapping is taken as a
 * reference, `nstackPlainSecret` where something else is in the place of one.
 */
export function withReferences(node: unknown): unknown {
  if (!isMapping(node)) return node;
  if (node.secret === true) {
    return {
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { [referenceKeyword]: 'secret' },
      else: { [plainSecretKeyword]: true },
    };
  }
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, below(key, value)]));
  if (!admits(node, 'string')) return inner;
  const choice = {
    if: admits(node, 'object') ? someReference : { type: 'object' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { [referenceKeyword]: 'text' },
    else: inner,
  };
  // What others refer to by #/definitions/... stays where it is.
  const { definitions, $defs } = inner;
  return {
    ...choice,
    ...(definitions === undefined ? {} : { definitions }),
    ...($defs === undefined ? {} : { $defs }),
  };
}

/** The part of a schema that rules the value at a path, as far as plain properties and items lead. */
export function nodeOf(schema: unknown, path: readonly (string | number)[]): SchemaNode {
  let node = schema;
  for (const segment of path) {
    if (!isMapping(node)) return {};
    const { properties, items, additionalProperties } = node;
    const own = isMapping(properties) && Object.hasOwn(properties, segment) ? properties[segment] : undefined;
    node = typeof segment === 'number' ? items : (own ?? additionalProperties);
  }
  return isMapping(node) ? node : {};
}

/** Names of settings whose values may be shown: those that some system has as more than a mapping, and none calls a secret. */
export function openNames(connectors: readonly Connector[]): ReadonlySet<string> {
  const open = new Set(['system', 'env', 'file', 'command']);
  const secret = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item);
    if (!isMapping(node)) return;
    for (const [name, property] of Object.entries(isMapping(node.properties) ? node.properties : {})) {
      if (!isMapping(property)) continue;
      if (holdsSecret(property)) secret.add(name);
      else if (property.type !== 'object') open.add(name);
    }
    for (const value of Object.values(node)) visit(value);
  };
  for (const { connection } of connectors) visit(connection?.schema);
  return open.difference(secret);
}

/** The value itself is a secret, or the elements of it are; the parts of a mapping have names of their own. */
function holdsSecret(node: Readonly<Record<string, unknown>>): boolean {
  if (node.secret === true) return true;
  const parts = [node.items, node.additionalProperties, node.anyOf, node.oneOf, node.allOf].flat();
  return parts.some((part) => isMapping(part) && holdsSecret(part));
}

const someReference = {
  type: 'object',
  maxProperties: 1,
  anyOf: [{ required: ['env'] }, { required: ['file'] }, { required: ['command'] }],
};

const nodes = new Set(['items', 'additionalItems', 'additionalProperties', 'contains', 'then', 'else']);
const lists = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const mappings = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas']);

/** `if` and `not` are questions about a value, not places for one: they stay as they are. */
function below(key: string, value: unknown): unknown {
  if (lists.has(key) && Array.isArray(value)) return value.map(withReferences);
  if (nodes.has(key)) return Array.isArray(value) ? value.map(withReferences) : withReferences(value);
  if (!mappings.has(key) || !isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withReferences(part)]));
}

function admits({ type }: SchemaNode, wanted: string): boolean {
  return Array.isArray(type) ? type.includes(wanted) : type === wanted;
}
