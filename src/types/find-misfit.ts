import { nearestWord } from '../core/index.ts';
import { isOptional } from './is-optional.ts';
import { printType } from './print.ts';
import { scanString, scanValue, skipSpace } from './scan-json.ts';
import { scanBase64, scanDouble, scanInteger, scanJson, scanTimestamp } from './scan-scalars.ts';
import type { Case, Field, Type } from './type.ts';
import { pathText, shortName, type TypePath } from './type-path.ts';
import type { Fault, Strictness } from './validator.ts';

/**
 * Where the value at `start`, which must be JSON, does not fit the type; undefined where it fits. This is the word that counts, where the
 * generated code is not sure: it knows keys and texts that are spelt with escapes, and that of a repeated key the last one counts. It
 * builds nothing of the value, so that a large one costs no memory.
 */
export function findMisfit(
  b: Uint8Array,
  start: number,
  type: Type,
  strictness: Strictness,
): Fault | undefined {
  return new Finder(b, strictness).find(start, type, undefined);
}

type Of<Kind extends Type['kind']> = Extract<Type, { readonly kind: Kind }>;

class Finder {
  readonly #b: Uint8Array;
  readonly #strictness: Strictness;

  constructor(b: Uint8Array, strictness: Strictness) {
    this.#b = b;
    this.#strictness = strictness;
  }

  find(p: number, type: Type, path: TypePath | undefined): Fault | undefined {
    switch (type.kind) {
      case 'named':
        return this.find(p, type.target, path);
      case 'optional':
        return this.#b[p] === 0x6e ? undefined : this.find(p, type.item, path);
      case 'list':
        return this.#list(p, type, path);
      case 'tuple':
        return this.#tuple(p, type, path);
      case 'map':
        return this.#map(p, type, path);
      case 'record':
        return this.#record(p, type, path);
      case 'sum':
        return this.#sum(p, type, path);
      default:
        return this.#isScalar(p, type.kind) ? undefined : this.#misfit(p, type, path);
    }
  }

  #isScalar(
    p: number,
    kind: Exclude<Type['kind'], 'named' | 'optional' | 'list' | 'tuple' | 'map' | 'record' | 'sum'>,
  ): boolean {
    const b = this.#b;
    switch (kind) {
      case 'integer':
        return scanInteger(b, p, b.length) === this.#end(p);
      case 'double':
        return scanDouble(b, p, b.length) === this.#end(p);
      case 'boolean':
        return b[p] === 0x74 || b[p] === 0x66;
      case 'text':
        return b[p] === 0x22;
      case 'unit':
        return b[p] === 0x6e;
      case 'json':
        return scanJson(b, p, b.length, 0) >= 0;
      case 'bytes':
        return b[p] === 0x22 && this.#spelt(scanBase64, p);
      case 'timestamp':
        return b[p] === 0x22 && this.#spelt(scanTimestamp, p);
      case 'void':
        return false;
      default:
        return kind satisfies never;
    }
  }

  /** Any letter may be written as an escape: the text is looked at as if it had none. */
  #spelt(scan: (b: Uint8Array, p: number, n: number) => number, p: number): boolean {
    const plain = Buffer.from(`"${this.#text(p, this.#end(p))}"`);
    return scan(plain, 0, plain.length) === plain.length;
  }

  #list(p: number, type: Of<'list'>, path: TypePath | undefined): Fault | undefined {
    if (this.#b[p] !== 0x5b) return this.#misfit(p, type, path);
    let index = 0;
    for (const item of this.#items(p)) {
      const fault = this.find(item, type.item, { parent: path, segment: `[${index++}]` });
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #tuple(p: number, type: Of<'tuple'>, path: TypePath | undefined): Fault | undefined {
    if (this.#b[p] !== 0x5b) return this.#misfit(p, type, path);
    const items = [...this.#items(p, type.items.length + 1)];
    if (items.length !== type.items.length) {
      const found = items.length < type.items.length ? String(items.length) : 'more';
      return mismatch(p, path, `expected ${type.items.length} elements, found ${found}`);
    }
    for (const [index, part] of type.items.entries()) {
      const fault = this.find(items[index] ?? p, part, { parent: path, segment: `[${index}]` });
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #map(p: number, type: Of<'map'>, path: TypePath | undefined): Fault | undefined {
    if (this.#b[p] !== 0x7b) return this.#misfit(p, type, path);
    const faults = new Map<string, Fault>();
    for (const { key, end, value } of this.#members(p)) {
      const name = this.#text(key, end);
      const fault = this.find(value, type.item, { parent: path, name });
      faults.delete(name);
      if (fault !== undefined) faults.set(name, fault);
    }
    return firstOf(faults.values());
  }

  #record(p: number, type: Of<'record'>, path: TypePath | undefined): Fault | undefined {
    if (this.#b[p] !== 0x7b) return this.#misfit(p, type, path);
    const fields = new Map(type.fields.map((field) => [field.name, field]));
    const seen = new Set<string>();
    const faults = new Map<string, Fault>();
    let undeclared: Fault | undefined;
    for (const { key, end, value } of this.#members(p)) {
      const name = this.#text(key, end);
      const field = fields.get(name);
      if (field === undefined) {
        undeclared ??= this.#undeclared(key, name, type.fields, path);
        continue;
      }
      seen.add(name);
      faults.delete(name);
      const fault = this.find(value, field.type, { parent: path, name });
      if (fault !== undefined) faults.set(name, fault);
    }
    const fault = firstOf(undeclared === undefined ? faults.values() : [...faults.values(), undeclared]);
    const missing = type.fields.find((field) => !seen.has(field.name) && !isOptional(field));
    if (fault !== undefined || missing === undefined) return fault;
    return mismatch(
      p,
      { parent: path, name: missing.name },
      `the field ${shortName(missing.name)} is missing`,
    );
  }

  #undeclared(
    at: number,
    name: string,
    fields: readonly Field[],
    path: TypePath | undefined,
  ): Fault | undefined {
    if (this.#strictness === 'input') return undefined;
    const near = nearestWord(
      name,
      fields.map((field) => field.name),
    );
    const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
    return mismatch(at, { parent: path, name }, `the field ${shortName(name)} is not declared${hint}`);
  }

  #sum(p: number, type: Of<'sum'>, path: TypePath | undefined): Fault | undefined {
    if (this.#b[p] !== 0x7b) return this.#misfit(p, type, path);
    let found: { readonly name: string; readonly value: number } | undefined;
    for (const { key, end, value } of this.#members(p)) {
      const name = this.#text(key, end);
      if (found !== undefined && found.name !== name) {
        return mismatch(
          p,
          path,
          `expected one case alone, found ${shortName(found.name)} and ${shortName(name)}`,
        );
      }
      found = { name, value };
    }
    const part = type.cases.find(({ name }) => name === found?.name);
    if (found === undefined || part === undefined) {
      const what = found === undefined ? '{}' : shortName(found.name);
      return mismatch(p, path, `expected ${caseList(type.cases)}, found ${what}`);
    }
    return this.find(found.value, part.type, { parent: path, name: part.name });
  }

  /** Offsets of the elements of the array at `p`, at most so many. */
  *#items(p: number, most = Number.POSITIVE_INFINITY): Iterable<number> {
    const b = this.#b;
    p = skipSpace(b, p + 1);
    for (let count = 0; b[p] !== 0x5d && count < most; count++) {
      yield p;
      p = skipSpace(b, this.#end(p));
      if (b[p] === 0x2c) p = skipSpace(b, p + 1);
    }
  }

  /** Where the members of the object at `p` stand: `end` is past the key. */
  *#members(p: number): Iterable<{ readonly key: number; readonly end: number; readonly value: number }> {
    const b = this.#b;
    p = skipSpace(b, p + 1);
    while (b[p] !== 0x7d) {
      const end = scanString(b, p, b.length);
      const value = skipSpace(b, skipSpace(b, end) + 1);
      yield { key: p, end, value };
      p = skipSpace(b, this.#end(value));
      if (b[p] === 0x2c) p = skipSpace(b, p + 1);
    }
  }

  #end(p: number): number {
    return scanValue(this.#b, p, this.#b.length, 0);
  }

  /** The text that the string in bytes[start, end), quotes included, stands for. */
  #text(start: number, end: number): string {
    return JSON.parse(this.#utf8(start, end));
  }

  #misfit(p: number, type: Type, path: TypePath | undefined): Fault {
    return mismatch(p, path, `expected ${shortType(type)}, found ${this.#excerpt(p)}`);
  }

  #excerpt(p: number): string {
    const end = this.#end(p);
    const signs = [...this.#utf8(p, Math.min(end, p + 200))];
    return signs.length <= mostShown && end - p <= 200
      ? signs.join('')
      : `${signs.slice(0, mostShown).join('')}...`;
  }

  #utf8(start: number, end: number): string {
    return Buffer.from(this.#b.buffer, this.#b.byteOffset + start, end - start).toString('utf8');
  }
}

/** Characters of a value that a message shows. */
const mostShown = 40;

function shortType(type: Type): string {
  const text = printType(type);
  return text.length > 2 * mostShown ? `${text.slice(0, 2 * mostShown)}...` : text;
}

function caseList(cases: readonly Case[]): string {
  const shown = cases.slice(0, 8).map(({ name }) => `{"${name}": ...}`);
  return shown.join(' or ') + (cases.length > shown.length ? ' or others' : '');
}

/** The fault that stands first in the text. */
function firstOf(faults: Iterable<Fault>): Fault | undefined {
  let first: Fault | undefined;
  for (const fault of faults) if (first === undefined || fault.offset < first.offset) first = fault;
  return first;
}

function mismatch(offset: number, path: TypePath | undefined, message: string): Fault {
  return { kind: 'mismatch', offset, path: pathText(path), message };
}
