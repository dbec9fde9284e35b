import type { Type } from './type.ts';

/**
 * JSON texts that fit the type, the same for the same seed: first the edges of it (nothing, much, large, small, strange), then a mixture. For
 * the conformance suite and for trying out services.
 */
export function sampleValues(type: Type, seed: number, count: number): readonly string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, nth) => sample(type, { nth, random, depth: 0 }));
}

interface Place {
  /** Which value this is of the samples: edges are taken in turn by it. */
  readonly nth: number;
  readonly random: () => number;
  readonly depth: number;
}

const edges = {
  integer: ['0', '-1', '9007199254740993', '-9223372036854775809', `1${'0'.repeat(59)}`, '7'.repeat(1_000)],
  double: ['0', '-0.0', '1.5', '1e-7', '1.7976931348623157e308', '5e-324', '3', '-123456.789'],
  boolean: ['true', 'false'],
  text: [
    '""',
    '"plain"',
    '"\\u0000\\n\\t\\"\\\\"',
    '"äöü 漢字 🙂"',
    '"\\ud83d\\ude42"',
    '"</script>"',
    `"${'long '.repeat(200)}"`,
  ],
  bytes: ['""', '"AA=="', '"+/+/"', '"aGVsbG8gd29ybGQ="'],
  timestamp: [
    '"2001-01-01T00:00:00Z"',
    '"1969-12-31T23:59:59.999999Z"',
    '"2024-02-29T12:30:00.5+05:30"',
    '"9999-12-31T23:59:59-11:00"',
  ],
  json: [
    'null',
    'true',
    '[]',
    '{}',
    '{"a":[1,{"b":null}],"c":"d"}',
    '[[[[1.5]]]]',
    '"text"',
    '12345678901234567890',
  ],
  unit: ['null'],
} as const;

function sample(type: Type, place: Place): string {
  switch (type.kind) {
    case 'named':
      return sample(type.target, place);
    case 'void':
      throw new Error('Void has no values');
    case 'optional':
      return pick(place, [() => 'null', () => sample(type.item, within(place))]);
    case 'list':
      return `[${several(place, (inner) => sample(type.item, inner)).join(',')}]`;
    case 'map':
      return `{${several(place, (inner, nth) => `${JSON.stringify(keys[nth % keys.length])}:${sample(type.item, inner)}`).join(',')}}`;
    case 'tuple':
      return `[${type.items.map((item) => sample(item, within(place))).join(',')}]`;
    case 'record': {
      const fields = type.fields.filter((field) => !isOptional(field.type) || place.random() < 0.7);
      return `{${fields.map((field) => `${JSON.stringify(field.name)}:${sample(field.type, within(place))}`).join(',')}}`;
    }
    case 'sum': {
      const one =
        type.cases[
          place.depth === 0 ? place.nth % type.cases.length : Math.floor(place.random() * type.cases.length)
        ];
      if (one === undefined) throw new Error('a sum has cases');
      return `{${JSON.stringify(one.name)}:${sample(one.type, within(place))}}`;
    }
    default: {
      const texts: readonly string[] = edges[type.kind];
      return pick(
        place,
        texts.map((text) => () => text),
      );
    }
  }
}

const keys = ['a', '', 'with space', 'ünï', 'quote"', '0', 'back\\slash', '$ref'];

function within(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

/** The top of a sample takes the choices in turn, so that none is left out; below it they are drawn. */
function pick(place: Place, choices: readonly (() => string)[]): string {
  const nth = place.depth === 0 ? place.nth % choices.length : Math.floor(place.random() * choices.length);
  return choices[nth]?.() ?? 'null';
}

function several(place: Place, make: (inner: Place, nth: number) => string): string[] {
  const count = place.depth > 6 ? 0 : place.depth === 0 ? place.nth % 5 : Math.floor(place.random() * 4);
  return Array.from({ length: count }, (_, nth) => make(within(place), nth));
}

function isOptional(type: Type): boolean {
  return type.kind === 'named' ? isOptional(type.target) : type.kind === 'optional';
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
