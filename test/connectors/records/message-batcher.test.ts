import { describe, expect, it } from 'vitest';
import { createMessageBatcher } from '../../../src/connectors/records/message-batcher.ts';
import { messagePayload } from '../../../src/connectors/records/message-payload.ts';
import { compileValidator } from '../../../src/types/index.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { json, record } from '../support.ts';

const place = () => 'here';

function batcher(type = json, limit = 1_000) {
  return createMessageBatcher({ format: 'json', validator: compileValidator(type, 'input'), limit });
}

function textOf(items: readonly Uint8Array[]): string {
  return Buffer.concat(items).toString('utf8');
}

describe('messages as a batch', () => {
  it('joins those that fit with commas, in order, also around one that does not', () => {
    const messages = batcher(record({ n: 'integer' }));
    for (const text of ['{"n":1}', '{"n":2}', '{"n":"x"}', '{"n":3}']) messages.add(Buffer.from(text), place);
    expect(messages.messages).toBe(4);
    const { items, count, rejected } = messages.drain();
    expect(textOf(items)).toBe('{"n":1},{"n":2},{"n":3}');
    expect(count).toBe(3);
    expect(rejected).toEqual([
      {
        payload: Buffer.from('{"n":"x"}'),
        message: '$.n: expected Integer, found "x"',
        place: 'here',
        after: 2,
      },
    ]);
    expect(messages.messages).toBe(0);
  });

  it('gives batches that share no byte with each other, or with what they were made of', () => {
    const messages = batcher();
    const payload = Buffer.from('"aaaa"');
    messages.add(payload, place);
    const first = messages.drain();
    payload.fill(0x62, 1, 5);
    messages.add(payload, place);
    const second = messages.drain();
    expect([textOf(first.items), textOf(second.items)]).toEqual(['"aaaa"', '"bbbb"']);
  });

  it('takes messages that are larger than its buffer, between small ones', () => {
    const messages = batcher(json, 1_000_000);
    const large = JSON.stringify('x'.repeat(200_000));
    for (const text of ['1', large, '2']) messages.add(Buffer.from(text), place);
    expect(textOf(messages.drain().items)).toBe(`1,${large},2`);
  });

  it('does not take what lies behind a message for a part of it', () => {
    const messages = batcher(record({ n: 'integer' }));
    messages.add(Buffer.from('{"n":12345}'), place);
    messages.drain();
    const around = Buffer.from('1234');
    const numbers = batcher({ kind: 'integer' });
    numbers.add(around.subarray(0, 2), place);
    expect(textOf(numbers.drain().items)).toBe('12');
  });
});

describe('a result as a message', () => {
  it.each([
    ['json', '"a\\n"', '"a\\n"'],
    ['text', '"a\\n\\u00e9\\""', 'a\né"'],
    ['text', '""', ''],
    ['text', '{"a":1}', '{"a":1}'],
    ['bytes', '"aGk="', 'hi'],
    ['bytes', 'null', 'null'],
  ] as const)('is in the format %s of %s %s', (format, message, expected) => {
    expect(messagePayload(batchOf(['1', message, '2']), 1, format).toString('utf8')).toBe(expected);
  });
});
