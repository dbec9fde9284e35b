import { describe, expect, it } from 'vitest';
import { codeApiFromOpenRpc } from '../../../src/stacks/contract/code-api-from-openrpc.ts';
import { type Type, toJsonSchema } from '../../../src/types/index.ts';

const nowhere = () => undefined;
const documentOf = (schema: unknown) => ({
  methods: [{ name: 'f', params: [], result: { name: 'result', schema } }],
});

describe('an answer to rpc.discover', () => {
  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['no methods', {}],
    ['methods that are no list', { methods: {} }],
    ['a method that is null', { methods: [null] }],
    ['a name that is a number', { methods: [{ name: 1, params: [], result: { schema: {} } }] }],
    [
      'a name of a million letters',
      { methods: [{ name: 'f'.repeat(1e6), params: [], result: { schema: {} } }] },
    ],
    ['no params', { methods: [{ name: 'f', result: { schema: {} } }] }],
    [
      'a parameter without a name',
      { methods: [{ name: 'f', params: [{ schema: {} }], result: { schema: {} } }] },
    ],
    ['no result', { methods: [{ name: 'f', params: [] }] }],
    ['a hundred thousand methods', { methods: Array.from({ length: 1e5 }, () => ({})) }],
    ['a schema that is true', documentOf(true)],
    ['a type that JSON Schema does not have', documentOf({ type: 'int' })],
    ['a type that is a list', documentOf({ type: ['string', 'null'] })],
    ['an anyOf that is no optional', documentOf({ anyOf: [{}, {}] })],
    ['an anyOf of three', documentOf({ anyOf: [{}, { type: 'null' }, {}] })],
    ['an empty oneOf', documentOf({ oneOf: [] })],
    ['a case of two names', documentOf({ oneOf: [{ properties: { A: {}, B: {} } }] })],
    ['a format of its own', documentOf({ type: 'string', format: 'uri' })],
    ['prefixItems that are no list', documentOf({ type: 'array', prefixItems: {} })],
    ['properties that are a list', documentOf({ type: 'object', properties: [] })],
    ['an unknown mark', documentOf({ 'x-nstack': 'trust me' })],
    ['an unsupported hint without a text', documentOf({ 'x-nstack': 'unsupported', reason: '' })],
    ['a schema nested 300 deep', documentOf(nested(300))],
  ])('that holds %s is a breach of the protocol, not a crash', (_, document) => {
    expect(() => codeApiFromOpenRpc(document, nowhere)).toThrowError(
      expect.objectContaining({ code: 'protocol-breach', message: expect.stringContaining('rpc.discover') }),
    );
  });

  it('may name a function as an object’s own members are named', () => {
    const document = JSON.parse(
      '{"methods":[{"name":"__proto__","params":[{"name":"constructor","schema":{"type":"object","properties":{"__proto__":{"type":"integer"}},"required":[]}}],"result":{"schema":{}}}]}',
    ) as unknown;
    const [found] = codeApiFromOpenRpc(document, nowhere).functions;
    expect(found?.name).toBe('__proto__');
    expect(found?.parameters[0]?.type).toMatchObject({
      kind: 'record',
      fields: [{ name: '__proto__', hasDefault: true }],
    });
  });

  it('keeps a place only where file, line and column are of their types', () => {
    const method = (about: unknown) => ({
      methods: [{ name: 'f', params: [], result: { schema: {} }, 'x-nstack': about }],
    });
    const placeOf = (file: string, line: number, column: number) => ({ file, line, column });
    const place = (about: unknown) => codeApiFromOpenRpc(method(about), placeOf).functions[0]?.place;
    expect(place({ file: 'service.py', line: 3, column: 5 })).toEqual({
      file: 'service.py',
      line: 3,
      column: 5,
    });
    expect(place({ file: 'service.py', line: -3, column: 5 })).toBeUndefined();
    expect(place({ file: 7, line: 3, column: 5 })).toBeUndefined();
    expect(place('service.py:3')).toBeUndefined();
  });

  it.each<[string, Type]>([
    ['Integer', { kind: 'integer' }],
    ['Bytes', { kind: 'bytes' }],
    ['Timestamp', { kind: 'timestamp' }],
    ['()', { kind: 'unit' }],
  ])('reads the dialect’s own schema of %s', (_, type) => {
    const [found] = codeApiFromOpenRpc(documentOf(toJsonSchema(type)), nowhere).functions;
    expect(found?.result).toMatchObject({ kind: 'known', type });
  });

  it('tells what code leaves open or unstated from what it states', () => {
    const kinds = [{ 'x-nstack': 'unstated' }, {}, { type: 'object' }, { type: 'array' }].map(
      (schema) => codeApiFromOpenRpc(documentOf(schema), nowhere).functions[0]?.result,
    );
    expect(kinds).toMatchObject([
      { kind: 'unstated' },
      { kind: 'open', shape: 'any' },
      { kind: 'open', shape: 'object' },
      { kind: 'open', shape: 'array' },
    ]);
  });
});

function nested(depth: number): unknown {
  let schema: unknown = {};
  for (let level = 0; level < depth; level++) schema = { type: 'array', items: schema };
  return schema;
}
