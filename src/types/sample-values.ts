import { isOptional } from './is-optional.ts';
import type { Case, Field, ScalarKind, Type } from './type.ts';

/**
 * So many JSON texts that fit the type, the same for the same seed. Each part of the type first goes through its edges in turn (nothing,
 * much, large, small and strange values, null and no field for an optional, each case of a sum) and is then drawn at random. Throws for
 * Void, which has no value.
 */
export function sampleValues(type: Type, seed: number, count: number): readonly string[] {
  const sampler = new Sampler(createRandom(seed));
  return Array.from({ length: count }, () => sampler.sample(type, 0));
}

class Sampler {
  readonly #random: () => number;
  /** How many choices have been made for each part of the type. */
  readonly #made = new Map<Type | Field, number>();

  constructor(random: () => number) {
    this.#random = random;
  }

  sample(type: Type, depth: number): string {
    switch (type.kind) {
      case 'named':
        return this.sample(type.target, depth);
      case 'void':
        throw new Error('Void has no values');
      case 'optional':
        return this.#choose(type, [true, false]) ? this.sample(type.item, depth) : 'null';
      case 'list':
        return `[${this.#several(type, depth, () => this.sample(type.item, depth + 1)).join(',')}]`;
      case 'map':
        return `{${this.#several(type, depth, (nth) => `${key(nth)}:${this.sample(type.item, depth + 1)}`).join(',')}}`;
      case 'tuple':
        return `[${type.items.map((item) => this.sample(item, depth + 1)).join(',')}]`;
      case 'record':
        return `{${type.fields.flatMap((field) => this.#member(field, depth)).join(',')}}`;
      case 'sum': {
        const part: Case = this.#choose(type, type.cases);
        return `{${JSON.stringify(part.name)}:${this.sample(part.type, depth + 1)}}`;
      }
      default:
        return this.#choose(type, edges[type.kind]);
    }
  }

  #member(field: Field, depth: number): readonly string[] {
    const left = isOptional(field) && this.#choose(field, [false, false, true]);
    return left ? [] : [`${JSON.stringify(field.name)}:${this.sample(field.type, depth + 1)}`];
  }

  /** Lists within lists stay short, lest their lengths multiply. */
  #several(type: Type, depth: number, make: (nth: number) => string): readonly string[] {
    const length = this.#choose(type, depth < 3 ? [2, 0, 1, 5] : [1, 0]);
    return Array.from({ length }, (_, nth) => make(nth));
  }

  #choose<T>(part: Type | Field, choices: readonly T[]): T {
    const made = this.#made.get(part) ?? 0;
    this.#made.set(part, made + 1);
    const index = made < choices.length ? made : Math.floor(this.#random() * choices.length);
    const choice = choices[index];
    if (choice === undefined) throw new Error('a sum without cases has no values');
    return choice;
  }
}

const edges: Readonly<Record<Exclude<ScalarKind, 'void'>, readonly string[]>> = {
  integer: [
    '1',
    '0',
    '-1',
    '9007199254740993',
    '-9223372036854775809',
    `1${'0'.repeat(59)}`,
    '7'.repeat(1_000),
  ],
  double: ['1.5', '0', '-0.0', '1e-7', '1.7976931348623157e308', '5e-324', '3', '-123456.789'],
  boolean: ['true', 'false'],
  text: [
    '"plain"',
    '""',
    String.raw`"\u0000\n\t\"\\"`,
    '"äöü 漢字 🙂"',
    String.raw`"\ud83d\ude42"`,
    '"</script>"',
    `"${'long '.repeat(200)}"`,
  ],
  bytes: ['"aGVsbG8gd29ybGQ="', '""', '"AA=="', '"+/+/"'],
  timestamp: [
    '"2001-01-01T00:00:00Z"',
    '"1969-12-31T23:59:59.999999Z"',
    '"2024-02-29T12:30:00.5+05:30"',
    '"9999-12-31T23:59:59-11:00"',
  ],
  json: [
    '{"a":[1,{"b":null}],"c":"d"}',
    'null',
    'true',
    '[]',
    '{}',
    '[[[[1.5]]]]',
    '"text"',
    '12345678901234567890',
  ],
  unit: ['null'],
};

const keys = ['a', '', 'with space', 'ünï', 'quote"', '0', 'back\\slash', '$ref'];

function key(nth: number): string {
  return JSON.stringify(keys[nth % keys.length]);
}

/** mulberry32, a small generator of 32 bits by Tommy Ettinger (public domain). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
