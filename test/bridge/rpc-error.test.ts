import { describe, expect, it } from 'vitest';
import { readRpcError } from '../../src/bridge/rpc-error.ts';

const error = { code: -32000, message: 'ValueError: no' };

describe('an error from a service', () => {
  it('keeps its code, its message, its stack, its path and its hint', () => {
    const whole = { ...error, data: { stack: 'at line 1', path: '$.n', hint: 'add it' } };
    expect(readRpcError(whole)).toEqual(whole);
  });

  it('keeps nothing else', () => {
    expect(readRpcError({ ...error, data: { stack: 7, path: null, hint: [], more: 'x' }, more: 1 })).toEqual({
      ...error,
      data: {},
    });
  });

  it.each([
    ['null', null],
    ['a text', 'x'],
    ['a list', ['x']],
    ['a number', 1],
  ])('may have data that is %s, which is dropped', (_, data) => {
    expect(readRpcError({ ...error, data })).toEqual(error);
  });

  it('has each of its texts cut at 65,536 characters', () => {
    const long = 'x'.repeat(100_000);
    const read = readRpcError({ code: 1, message: long, data: { stack: long, path: long } });
    expect([read?.message, read?.data?.stack, read?.data?.path].map((text) => text?.length)).toEqual([
      65_536, 65_536, 65_536,
    ]);
  });

  it('never holds half of a surrogate pair, where it is cut neither', () => {
    const read = readRpcError({ code: 1, message: `${'x'.repeat(65_535)}🙂`, data: { stack: 'a\udc00' } });
    expect(read?.message.endsWith('x\ufffd')).toBe(true);
    expect(read?.data?.stack).toBe('a\ufffd');
  });

  it.each([
    ['null', null],
    ['a text', 'it failed'],
    ['no code', { message: 'x' }],
    ['a code that is a text', { code: '-32000', message: 'x' }],
    ['a code with a fraction', { code: 1.5, message: 'x' }],
    ['a code beyond the safe integers', { code: 2 ** 53, message: 'x' }],
    ['no message', { code: 1 }],
    ['a message that is an object', { code: 1, message: {} }],
  ])('is none where it is or has %s', (_, value) => {
    expect(readRpcError(value)).toBeUndefined();
  });
});
