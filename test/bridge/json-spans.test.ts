import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt } from '../../src/bridge/excerpt.ts';
import { readElements, readMembers } from '../../src/bridge/json-spans.ts';
import { skipValue } from '../../src/bridge/skip-value.ts';
import { runs } from '../support/runs.ts';

const space = fc.constantFrom('', ' ', '\t', '\r', '\n ');

describe('a value', () => {
  it('is skipped exactly where JSON.parse reads one', () => {
    const almost = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', ']', ',', ':', '0', '.', 'e', '-', 'u', 'tru'),
        fc.nat(2),
      )
      .map(([text, at, put, taken]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + taken);
      });
    fc.assert(
      fc.property(fc.oneof(almost, fc.json()), (text) => {
        const bytes = Buffer.from(text.toWellFormed());
        expect(skipsWhole(bytes)).toBe(parses(bytes.toString()));
      }),
      runs(1_500),
    );
  });

  it.each(['-0', '0.5e-7', '1E+9', '"\\u00e9\\n\\/"', '[ ]', '{ }', '{"a" : [ {} , "" ] }'])(
    'may be %s',
    (text) => {
      expect(skipValue(Buffer.from(text), 0)).toBe(text.length);
    },
  );

  it.each([
    '',
    '-',
    '01',
    '1.',
    '.5',
    '1e',
    '+1',
    'nul',
    'NaN',
    '"\\x"',
    '"\\u12g4"',
    '"\t"',
    "'a'",
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '[1 2]',
    '{"a" 1}',
    '"a',
  ])('may not be %s', (text) => {
    expect(skipsWhole(Buffer.from(text))).toBe(false);
  });

  it('is malformed where the complement of the answer says', () => {
    expect(~skipValue(Buffer.from('[1,2,}'), 0)).toBe(5);
    expect(~skipValue(Buffer.from('{"a":tru}'), 0)).toBe(8);
  });

  it('may be nested 10,000 deep and not deeper, without exhausting the stack', () => {
    const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(skipValue(nested(10_000), 0)).toBe(20_000);
    expect(~skipValue(nested(10_001), 0)).toBe(10_000);
    expect(~skipValue(Buffer.from(`${'{"a":'.repeat(10_000)}{}${'}'.repeat(10_000)}`), 0)).toBe(50_000);
    expect(skipValue(Buffer.alloc(10_000_000, '['), 0)).toBeLessThan(0);
  });
});

describe('members', () => {
  it('are found in any order, with any white space and escapes in their names', () => {
    const written = fc.tuple(
      fc.constantFrom('"id"', '"i\\u0064"', '"\\u0069d"'),
      space,
      space,
      fc.json(),
      fc.boolean(),
    );
    fc.assert(
      fc.property(written, ([id, before, after, value, first]) => {
        const parts = [
          `${before}${id}${after}:${before}7${after}`,
          `${after}"result"${before}:${value}${before}`,
        ];
        const frame = Buffer.from(`{${(first ? parts : parts.reverse()).join(',')}}`.toWellFormed());
        const members = readMembers(frame, 0, ['id', 'result']);
        if ('message' in members) throw new Error(members.message);
        expect(members.end).toBe(frame.length);
        const span = members.spans.get('result');
        expect(JSON.parse(String(frame.subarray(span?.start, span?.end)))).toEqual(
          JSON.parse(value.toWellFormed()),
        );
      }),
    );
  });

  it('that are unknown are named, cut where they are long', () => {
    expect(readMembers(Buffer.from('{"a":1,"b":2}'), 0, ['a'])).toMatchObject({
      message: 'has the unknown member "b"',
      offset: 7,
    });
    const long = readMembers(Buffer.from(`{"${'k'.repeat(100)}":1}`), 0, ['a']);
    expect(long).toMatchObject({ message: `has the unknown member "${'k'.repeat(31)}...` });
  });

  it('of an element each lie where an array holds them', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), space, (items, around) => {
        const frame = Buffer.from(`[${around}${items.join(`${around},${around}`)}${around}]`.toWellFormed());
        const spans = readElements(frame, { start: 0, end: frame.length }, Number.POSITIVE_INFINITY);
        expect(spans.map(({ start, end }) => frame.toString('utf8', start, end))).toEqual(
          items.map((item) => item.trim().toWellFormed()),
        );
      }),
    );
  });
});

describe('an excerpt', () => {
  it('shows bytes as they are and others as escapes', () => {
    expect(excerpt(Buffer.from('a\tä\0'))).toBe('a\\x09\\xc3\\xa4\\x00');
  });

  it('shows the bytes around an offset, and how many there are', () => {
    const frame = Buffer.from(`${'a'.repeat(500)}HERE${'b'.repeat(500)}`);
    expect(excerpt(frame, 500)).toBe(`...${'a'.repeat(32)}HERE${'b'.repeat(60)}... (1004 bytes)`);
    expect(excerpt(frame)).toBe(`${'a'.repeat(96)}... (1004 bytes)`);
    expect(excerpt(frame, 1004)).toBe(`...${'b'.repeat(96)} (1004 bytes)`);
  });
});

function skipsWhole(bytes: Buffer): boolean {
  const start = bytes.findIndex((byte) => !isSpace(byte));
  const end = skipValue(bytes, Math.max(start, 0));
  return end >= 0 && bytes.subarray(end).every(isSpace);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
