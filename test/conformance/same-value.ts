import type { Field, Type } from '../../src/types/index.ts';

/** A number as its text, so that no digit is lost. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Why two JSON texts are not the same value of a type, as a path and the two; undefined where they are. Integers are compared digit by
 * digit, Doubles as doubles, Timestamps by their moment and offset, an optional that is left out as null.
 */
export function differenceOf(type: Type, sent: string, got: string): string | undefined {
  return compare(type, parse(sent), parse(got), '$');
}

function parse(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
  );
}

function compare(type: Type, sent: unknown, got: unknown, path: string): string | undefined {
  const differs = `${path}: ${show(sent)} became ${show(got)}`;
  const same = (equal: boolean) => (equal ? undefined : differs);
  switch (type.kind) {
    case 'named':
      return compare(type.target, sent, got, path);
    case 'void':
    case 'unit':
      return same(sent === null && got === null);
    case 'boolean':
    case 'text':
    case 'bytes':
      return same(typeof sent === typeof got && sent === got);
    case 'integer':
      return same(
        sent instanceof NumberText && got instanceof NumberText && BigInt(sent.text) === BigInt(got.text),
      );
    case 'double':
      return same(
        sent instanceof NumberText &&
          got instanceof NumberText &&
          Object.is(Number(sent.text), Number(got.text)),
      );
    case 'timestamp':
      return same(
        typeof sent === 'string' && typeof got === 'string' && canonicalTime(sent) === canonicalTime(got),
      );
    case 'json':
      return same(JSON.stringify(canonicalJson(sent)) === JSON.stringify(canonicalJson(got)));
    case 'optional':
      return sent === null || sent === undefined
        ? same(got === null || got === undefined)
        : compare(type.item, sent, got, path);
    case 'list':
      return compareItems(Array.isArray(sent) ? sent.map(() => type.item) : [], sent, got, path, differs);
    case 'tuple':
      return compareItems(type.items, sent, got, path, differs);
    case 'map': {
      const keys = isObject(sent) ? Object.keys(sent) : [];
      return compareMembers(
        keys.map((name) => ({ name, type: type.item })),
        sent,
        got,
        path,
        differs,
      );
    }
    case 'record':
      return compareMembers(type.fields, sent, got, path, differs);
    case 'sum': {
      const only = isObject(sent) ? Object.keys(sent)[0] : undefined;
      return compareMembers(
        type.cases.filter(({ name }) => name === only),
        sent,
        got,
        path,
        differs,
      );
    }
    default:
      return type satisfies never;
  }
}

function compareItems(
  types: readonly Type[],
  sent: unknown,
  got: unknown,
  path: string,
  differs: string,
): string | undefined {
  if (
    !Array.isArray(sent) ||
    !Array.isArray(got) ||
    sent.length !== got.length ||
    sent.length !== types.length
  )
    return differs;
  return first(types.map((type, index) => compare(type, sent[index], got[index], `${path}[${index}]`)));
}

function compareMembers(
  fields: readonly Field[],
  sent: unknown,
  got: unknown,
  path: string,
  differs: string,
): string | undefined {
  if (!isObject(sent) || !isObject(got)) return differs;
  const names = new Set(fields.map(({ name }) => name));
  if (Object.keys(got).some((name) => !names.has(name))) return differs;
  return first(fields.map(({ name, type }) => compare(type, sent[name], got[name], `${path}.${name}`)));
}

const first = (texts: readonly (string | undefined)[]) => texts.find((text) => text !== undefined);

/** The fraction without its trailing zeros. */
function canonicalTime(text: string): string {
  return text
    .replace(/\.(\d*?)0*(?=[Z+-])/, (_all, digits: string) => (digits === '' ? '' : `.${digits}`))
    .replace(/[+-]00:00$/, 'Z');
}

function canonicalJson(value: unknown): unknown {
  if (value instanceof NumberText)
    return /^-?\d+$/.test(value.text)
      ? { integer: BigInt(value.text).toString() }
      : { double: Number(value.text) };
  if (Array.isArray(value)) return value.map(canonicalJson);
  return isObject(value) ? Object.entries(value).map(([key, inner]) => [key, canonicalJson(inner)]) : value;
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(canonicalJson(value));
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
  );
}
