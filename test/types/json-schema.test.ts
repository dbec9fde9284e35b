import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compileValidator,
  fromJsonSchema,
  parseApi,
  sampleValues,
  type Type,
  toJsonSchema,
} from '../../src/types/index.ts';
import { runs } from '../support/runs.ts';
import { anyType } from './support/arbitrary-type.ts';

/** Own properties alone: an object without a member `constructor` inherits one from JavaScript. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true });

describe('a type as JSON Schema', () => {
  test('and back is the type again', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(fromJsonSchema(toJsonSchema(type))).toEqual({ type });
      }),
      runs(150),
    );
  });

  test('survives JSON, where names of fields come in the order they are declared in', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(fromJsonSchema(JSON.parse(JSON.stringify(toJsonSchema(type))))).toEqual({ type });
      }),
    );
  });

  test('is a valid schema, and takes values of the type', () => {
    fc.assert(
      fc.property(anyType, fc.nat(), (type, seed) => {
        const schema = toJsonSchema(type);
        expect(ajv.validateSchema(schema)).toBe(true);
        const validate = ajv.compile(schema);
        for (const text of sampleValues(type, seed, 5)) {
          // ajv asks for Integers that a double holds without a fraction; Infinity is none.
          expect(validate(JSON.parse(text.replaceAll('7'.repeat(1_000), '7'))), text).toBe(true);
        }
      }),
      runs(10),
    );
  });

  test('of a flight reads like this', () => {
    const { api } = parseApi(
      'type Air = Known Double | Unknown ()\nf : { at: Timestamp, legs: [(Text, Integer)], air: Air?, raw: Bytes, more: Map Json } -> Void',
    );
    const [line] = api?.functions ?? [];
    expect(line && toJsonSchema(line.output)).toEqual({ not: {} });
    expect(line && toJsonSchema(line.input)).toEqual({
      type: 'object',
      properties: {
        at: { type: 'string', format: 'date-time' },
        legs: {
          type: 'array',
          items: {
            type: 'array',
            prefixItems: [{ type: 'string' }, { type: 'integer' }],
            items: false,
            minItems: 2,
          },
        },
        air: {
          anyOf: [
            {
              title: 'Air',
              oneOf: [
                {
                  type: 'object',
                  properties: { Known: { type: 'number' } },
                  required: ['Known'],
                  additionalProperties: false,
                },
                {
                  type: 'object',
                  properties: { Unknown: { type: 'null' } },
                  required: ['Unknown'],
                  additionalProperties: false,
                },
              ],
            },
            { type: 'null' },
          ],
        },
        raw: { type: 'string', contentEncoding: 'base64' },
        more: { type: 'object', additionalProperties: {} },
      },
      required: ['at', 'legs', 'raw', 'more'],
    });
  });

  test('keeps the outer one of two names', () => {
    const type: Type = {
      kind: 'named',
      name: 'A',
      target: { kind: 'named', name: 'B', target: { kind: 'text' } },
    };
    expect(toJsonSchema(type)).toEqual({ title: 'A', type: 'string' });
  });

  test('keeps fields with hostile names', () => {
    const type: Type = {
      kind: 'record',
      fields: ['__proto__', 'constructor', '', '\u0000'].map((name) => ({ name, type: { kind: 'text' } })),
    };
    expect(fromJsonSchema(toJsonSchema(type))).toEqual({ type });
  });
});

describe('a schema that is none of the dialect is a fault with its place', () => {
  const nested = (levels: number): unknown =>
    levels === 0 ? {} : { type: 'array', items: nested(levels - 1) };
  test.each([
    [null, '$: no object'],
    [[], '$: no object'],
    [{ type: 'strin' }, '$: a type that the dialect does not know'],
    [{ type: ['string', 'null'] }, '$: a type that the dialect does not know'],
    [{ type: 'string', minLength: 1 }, '$: "minLength", which has no meaning there in the dialect'],
    [{ type: 'string', format: 'email' }, '$: a string of a kind that the dialect does not know'],
    [{ 'x-nstack': 'unstated' }, '$: "x-nstack", which has no meaning there in the dialect'],
    [{ type: 'object' }, '$' + '{}: no object'],
    [{ type: 'array' }, '$[]: no object'],
    [
      { type: 'array', items: { type: 'object', properties: { 'a b': 1 }, required: [] } },
      '$[]["a b"]: no object',
    ],
    [
      { type: 'object', properties: { a: { type: 'string' } }, required: [] },
      '$.a: a field may be left out where it is optional, and only there',
    ],
    [
      {
        type: 'object',
        properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
        required: ['a'],
      },
      '$.a: a field may be left out where it is optional, and only there',
    ],
    [{ type: 'object', properties: {}, required: ['a'] }, '$: a required property that is not there'],
    [
      { type: 'object', properties: { '\ud800': {} }, required: ['\ud800'] },
      '$["\\ud800"]: half of a surrogate pair in a name',
    ],
    [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, '$: anyOf other than of a type and null'],
    [{ anyOf: [{}, { type: 'null' }] }, '$: optional needs a type without null, and Json may be null'],
    [{ type: 'array', prefixItems: [{}], items: false, minItems: 1 }, '$: a tuple of fewer than two'],
    [
      { type: 'array', prefixItems: [{}, {}], items: false, minItems: 1 },
      '$: a tuple that may have more or fewer elements',
    ],
    [{ oneOf: [] }, '$: a sum without cases'],
    [
      { oneOf: [{ type: 'object', properties: { A: {} }, required: ['A'] }] },
      '$: a case that is not required, or allows other properties',
    ],
    [{ oneOf: [{ type: 'string' }] }, '$: a case that is no object with one property'],
    [{ title: 'text', type: 'string' }, '$: a title that is no name of a type'],
    [{ title: 'Text', type: 'string' }, '$: a title that is no name of a type'],
    [{ type: 'array', items: { not: {} } }, '$[]: "not", which has no meaning there in the dialect'],
    [nested(64), `$${'[]'.repeat(64)}: nested more than 64 deep`],
    [
      { type: 'array', prefixItems: Array(20_000).fill({}), items: false, minItems: 20_000 },
      '$[9999]: more than 10000 parts',
    ],
  ])('%.80j', (schema, fault) => {
    expect(fromJsonSchema(schema)).toEqual({ fault });
  });

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (schema) => {
        const read = fromJsonSchema(schema);
        if ('type' in read) expect(toJsonSchema(read.type)).toEqual(schema);
      }),
      runs(120),
    );
  });
});

test('samples of a type fit it, are the same for the same seed, and reach its edges', () => {
  fc.assert(
    fc.property(anyType, fc.nat(), (type, seed) => {
      const samples = sampleValues(type, seed, 10);
      expect(sampleValues(type, seed, 10)).toEqual(samples);
      for (const text of samples) {
        const bytes = Buffer.from(text);
        expect(compileValidator(type, 'result').check(bytes, 0, bytes.length), text).toBeUndefined();
      }
    }),
    runs(80),
  );
  const { api } = parseApi(
    'type E = A () | B Text | C Integer\nf : { e: E, o: optional Text, l: [Integer], n: Integer } -> ()',
  );
  const [line] = api?.functions ?? [];
  const values = line === undefined ? [] : sampleValues(line.input, 1, 12).map((text) => JSON.parse(text));
  for (const name of ['A', 'B', 'C']) expect(values.some(({ e }) => name in e)).toBe(true);
  expect(values.some(({ o }) => o === null)).toBe(true);
  expect(values.some(({ o }) => o === undefined)).toBe(true);
  expect(values.some(({ o }) => typeof o === 'string')).toBe(true);
  expect(values.some(({ l }) => l.length === 0)).toBe(true);
  expect(values.some(({ n }) => n > 1e300)).toBe(true);
});
