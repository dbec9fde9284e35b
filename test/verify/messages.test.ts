import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseType, type Type } from '../../src/types/index.ts';
import { findNumber, pathOf } from '../../src/verify/find-number.ts';
import { createMarker } from '../../src/verify/marker.ts';
import { createMessageMaker } from '../../src/verify/message-maker.ts';

const marker = createMarker();
const common = { marker, lanes: 1, seed: 1 };

function typeOf(text: string): Type {
  const { type } = parseType(text);
  if (type === undefined) throw new Error(`no type: ${text}`);
  return type;
}

describe('messages of an audit', () => {
  it('are found again by their number, in texts and in Integers, also within other text', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.string(),
        fc.string(),
        (number, before, after) => {
          expect(marker.read(marker.integer(number))).toBe(number);
          expect(marker.read(`${before}${marker.text(number)}${after}`)).toBe(number);
          expect(Number.isSafeInteger(marker.integer(number))).toBe(true);
        },
      ),
    );
  });

  it('are told from those of other runs', () => {
    const other = createMarker();
    expect(marker.read(other.text(1))).toBeUndefined();
    expect(marker.read('verify-')).toBeUndefined();
    expect(marker.read(7)).toBeUndefined();
  });

  it('carry the number in the field that is named, whatever the rest of the type is', () => {
    const type = typeOf(
      '{ user: Text, order: { id: Integer, at: optional Timestamp }, tags: [Text], big: Integer }',
    );
    const make = createMessageMaker({ ...common, type, sequence: 'order.id' });
    for (let number = 0; number < 200; number++)
      expect(findNumber(JSON.parse(make(number)), pathOf('order.id'), marker)).toBe(number);
  });

  it('carry the lane in the key', () => {
    const type = typeOf('{ user: Text, n: Text }');
    const make = createMessageMaker({ ...common, lanes: 4, type, sequence: 'n', key: 'user' });
    expect(JSON.parse(make(6))).toEqual({ user: 'lane-2', n: marker.text(6) });
  });

  it('are plain texts where the type is Text, made by a template or not', () => {
    const type = typeOf('Text');
    expect(JSON.parse(createMessageMaker({ ...common, type })(5))).toBe(marker.text(5));
    const make = createMessageMaker({ ...common, type, template: '{n} /"cart" 1200' });
    expect(JSON.parse(make(5))).toBe(`${marker.text(5)} /"cart" 1200`);
  });

  it('are JSON by a template, with the number within a string or by itself', () => {
    const type = typeOf('{ id: Integer, text: Text, lane: Text }');
    const template = '{"id": {n}, "text": "a \\" {n}", "lane": "{lane}"}';
    const make = createMessageMaker({ ...common, lanes: 2, type, template });
    expect(JSON.parse(make(3))).toEqual({
      id: marker.integer(3),
      text: `a " ${marker.text(3)}`,
      lane: 'lane-1',
    });
  });

  it.each([
    ['{ a: Text, b: Double }', {}, /does not say where/],
    ['{ a: Text, b: Double }', { sequence: 'c' }, /no field c/],
    ['{ a: Text, b: Double }', { sequence: 'b' }, /neither Text nor Integer/],
    ['Text', { template: 'no number' }, /no \{n\}/],
    ['{ a: Integer }', { template: '{"a": "{n}"}' }, /is no/],
    ['Text', { key: 'user' }, /no field user/],
  ])('are refused where %s and %j give none', (text, options, message) => {
    expect(() => createMessageMaker({ ...common, lanes: 2, type: typeOf(text), ...options })).toThrow(
      message,
    );
  });

  it('are searched where no field is named', () => {
    expect(findNumber({ a: [1, { b: `x ${marker.text(9)}` }] }, undefined, marker)).toBe(9);
    expect(findNumber({ a: null, b: 'x' }, undefined, marker)).toBeUndefined();
    expect(findNumber({ a: marker.integer(1) }, ['b', 'c'], marker)).toBeUndefined();
  });
});
