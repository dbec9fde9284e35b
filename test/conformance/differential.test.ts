import { expect, test } from 'vitest';
import { mutate } from './differential/mutate.ts';
import { createRandom } from './differential/random.ts';
import { shrink } from './differential/shrink.ts';
import { readVerdict, valuesDiffer, verdictsDiffer } from './differential/verdict.ts';
import { isWellFormed } from './differential/well-formed.ts';

test.each([
  ['[1,{"a":"\\u0000"}]', true],
  ['"\\ud83d\\ude00"', true],
  ['"\\\\ud83d"', true],
  ['"\\ud83d"', false],
  ['"\\ude00\\ud83d"', false],
  ['"\\\\\\ud83d"', false],
  ['"\\ud83d\\ud83d\\ude00"', false],
  ['\ufeff1', false],
  ['1 2', false],
  ['', false],
])('%s is JSON as the protocol knows it: %s', (text, expected) => {
  expect(isWellFormed(Buffer.from(text))).toBe(expected);
});

test('bytes that are no UTF-8 are no JSON', () => {
  expect(isWellFormed(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe(false);
});

test('the same seed makes the same changes, none of which ends a frame', () => {
  const text = Buffer.from('{"a":[1,"b",null],"c":true}');
  const changes = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 2_000 }, () => mutate(text, random));
  };
  const some = changes(1);
  expect(some).toEqual(changes(1));
  expect(some.every((bytes) => !bytes.includes(0x0a))).toBe(true);
  expect(some.some(isWellFormed) && !some.every(isWellFormed)).toBe(true);
});

test('what shows a thing is cut down to the parts that show it', async () => {
  const parts = [...'abcdefghij'];
  expect(await shrink(parts, (fewer) => Promise.resolve(fewer.includes('c') && fewer.includes('i')))).toEqual(
    ['c', 'i'],
  );
});

test('an answer is read message by message', () => {
  const failed = '[{"index":1,"error":{"code":-32602,"message":"no"}}]';
  const frame = Buffer.from(`{"jsonrpc":"2.0","id":7,"result":{"items":[1,3.0],"failed":${failed}}}`);
  const messages = [{ value: '1' }, { code: -32602 }, { value: '3.0' }];
  const verdict = { kind: 'block', id: 7, messages } as const;
  expect(readVerdict([frame])).toEqual(verdict);
  const double = { kind: 'double' } as const;
  const same = { ...verdict, messages: [{ value: '1.0' }, { code: -32602 }, { value: '3' }] };
  expect(verdictsDiffer(double, verdict, same)).toBeUndefined();
  expect(verdictsDiffer(double, verdict, { ...verdict, messages: messages.slice(1) })).toBeDefined();
  expect(readVerdict([])).toEqual({ kind: 'silent' });
});

test('keys may stand in any order, and Timestamps are cut to microseconds', () => {
  expect(valuesDiffer({ kind: 'json' }, '{"a":1,"b":[2.0]}', '{"b":[2e0],"a":1}')).toBeUndefined();
  expect(valuesDiffer({ kind: 'json' }, '[1]', '[1.0]')).toBeDefined();
  const time = '"2020-01-01T00:00:00.1234569Z"';
  expect(valuesDiffer({ kind: 'timestamp' }, time, '"2020-01-01T00:00:00.123456Z"')).toBeUndefined();
  expect(valuesDiffer({ kind: 'timestamp' }, time, '"2020-01-01T00:00:00.123457Z"')).toBeDefined();
});
