import { type JsonNode, textOf } from './parse-json.ts';
import { printType } from './print.ts';
import { scanBase64, scanDouble, scanInteger, scanTimestamp } from './scan-json.ts';
import type { Type } from './type.ts';
import type { Fault, Strictness } from './validator.ts';

/** The slow check: says exactly where a parsed value does not fit, and settles what the quick look was not sure of. */
export function checkNode(
  node: JsonNode,
  type: Type,
  bytes: Uint8Array,
  strictness: Strictness,
): Fault | undefined {
  return check(node, type, '$');

  function check(at: JsonNode, wanted: Type, path: string): Fault | undefined {
    switch (wanted.kind) {
      case 'named':
        return check(at, wanted.target, path);
      case 'json':
        return undefined;
      case 'optional':
        return at.kind === 'null' ? undefined : check(at, wanted.item, path);
      case 'integer':
        return at.kind === 'number' && scanInteger(bytes, at.start) === at.end
          ? undefined
          : misfit(at, wanted, path);
      case 'double':
        return at.kind === 'number' && scanDouble(bytes, at.start) === at.end
          ? undefined
          : misfit(at, wanted, path);
      case 'boolean':
        return at.kind === 'boolean' ? undefined : misfit(at, wanted, path);
      case 'text':
        return at.kind === 'string' ? undefined : misfit(at, wanted, path);
      case 'unit':
        return at.kind === 'null' ? undefined : misfit(at, wanted, path);
      case 'bytes':
        return at.kind === 'string' && scansAs(scanBase64, at) ? undefined : misfit(at, wanted, path);
      case 'timestamp':
        return at.kind === 'string' && scansAs(scanTimestamp, at) ? undefined : misfit(at, wanted, path);
      case 'void':
        return misfit(at, wanted, path);
      case 'list':
        if (at.kind !== 'array') return misfit(at, wanted, path);
        return first(at.items, (item, index) => check(item, wanted.item, `${path}[${index}]`));
      case 'tuple':
        if (at.kind !== 'array' || at.items.length !== wanted.items.length) return misfit(at, wanted, path);
        return first(wanted.items, (item, index) => check(at.items[index] ?? at, item, `${path}[${index}]`));
      case 'map':
        if (at.kind !== 'object') return misfit(at, wanted, path);
        return first([...lastOf(at)], ([key, value]) => check(value, wanted.item, memberPath(path, key)));
      case 'record':
        return checkRecord(at, wanted, path);
      case 'sum':
        return checkSum(at, wanted, path);
      default: {
        const never: never = wanted;
        throw new Error(`unknown type ${JSON.stringify(never)}`);
      }
    }
  }

  function checkRecord(at: JsonNode, wanted: Type & { kind: 'record' }, path: string): Fault | undefined {
    if (at.kind !== 'object') return misfit(at, wanted, path);
    const members = lastOf(at);
    for (const field of wanted.fields) {
      const value = members.get(field.name);
      members.delete(field.name);
      const inner = memberPath(path, field.name);
      if (value !== undefined) {
        const fault = check(value, field.type, inner);
        if (fault !== undefined) return fault;
      } else if (!isOptional(field.type)) {
        return {
          kind: 'mismatch',
          offset: at.start,
          path: inner,
          message: `expected ${printType(field.type)}, found no field ${field.name}`,
        };
      }
    }
    const [undeclared] = members;
    if (strictness === 'input' || undeclared === undefined) return undefined;
    const [key, value] = undeclared;
    return {
      kind: 'mismatch',
      offset: value.start,
      path: memberPath(path, key),
      message: `the field ${JSON.stringify(key)} is not declared`,
    };
  }

  function checkSum(at: JsonNode, wanted: Type & { kind: 'sum' }, path: string): Fault | undefined {
    const members = at.kind === 'object' ? lastOf(at) : new Map<string, JsonNode>();
    const [only] = members;
    const found =
      only === undefined || members.size > 1 ? undefined : wanted.cases.find(({ name }) => name === only[0]);
    if (only !== undefined && found !== undefined)
      return check(only[1], found.type, memberPath(path, found.name));
    const cases = wanted.cases.map(({ name }) => `{"${name}": ...}`).join(' or ');
    return { kind: 'mismatch', offset: at.start, path, message: `expected ${cases}, found ${excerpt(at)}` };
  }

  /** Escapes are legal in any string: it is decoded and looked at as if it had none. */
  function scansAs(scan: (b: Uint8Array, p: number) => number, at: JsonNode): boolean {
    const text = textOf(bytes, at.start, at.end);
    const plain = Buffer.from(`"${text}"`);
    return scan(plain, 0) === plain.length;
  }

  function misfit(at: JsonNode, wanted: Type, path: string): Fault {
    return {
      kind: 'mismatch',
      offset: at.start,
      path,
      message: `expected ${printType(wanted)}, found ${excerpt(at)}`,
    };
  }

  function excerpt(at: JsonNode): string {
    const text = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + at.start,
      Math.min(at.end - at.start, 160),
    ).toString('utf8');
    return text.length > 40 ? `${text.slice(0, 40)}...` : text;
  }
}

/** Of a key that is there more than once, the last counts. */
function lastOf(node: JsonNode & { kind: 'object' }): Map<string, JsonNode> {
  return new Map(node.members.map(({ key, value }) => [key, value]));
}

function first<T>(
  items: readonly T[],
  check: (item: T, index: number) => Fault | undefined,
): Fault | undefined {
  for (const [index, item] of items.entries()) {
    const fault = check(item, index);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function memberPath(path: string, key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key)
    ? `${path}.${key}`
    : `${path}[${JSON.stringify(key.slice(0, 60))}]`;
}

function isOptional(type: Type): boolean {
  return type.kind === 'named' ? isOptional(type.target) : type.kind === 'optional';
}
