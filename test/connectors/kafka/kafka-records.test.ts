import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpenContext } from '../../../src/connectors/index.ts';
import { createBatchBuilder, encodeHeaders } from '../../../src/connectors/kafka/records/batch-builder.ts';
import { type Codec, compressions, openCodec } from '../../../src/connectors/kafka/records/codecs.ts';
import { crc32c } from '../../../src/connectors/kafka/records/crc32c.ts';
import { createMessageReader } from '../../../src/connectors/kafka/records/message-reader.ts';
import { createRecordCursor, createRun } from '../../../src/connectors/kafka/records/record-cursor.ts';
import { murmur2 } from '../../../src/connectors/kafka/sink/murmur2.ts';
import { assignRange } from '../../../src/connectors/kafka/source/assign-range.ts';
import { keyHash } from '../../../src/core/index.ts';
import { runs } from '../../support/runs.ts';
import { json, record } from '../support.ts';

const codecs = await Promise.all(compressions.map(openCodec));
const none = codecs[0] as Codec;

interface Sequence {
  readonly producerId?: bigint;
  readonly isTransactional?: boolean;
}

function sealed(
  values: readonly (Uint8Array | null)[],
  codec: Codec = none,
  baseOffset = 0,
  sequence: Sequence = {},
): Buffer {
  const builder = createBatchBuilder(encodeHeaders({ h: 'x' }));
  for (const [index, value] of values.entries()) builder.add(Buffer.from(`key ${index}`), value ?? undefined);
  const bytes = Buffer.from(
    builder.seal(
      { producerId: 7n, producerEpoch: 1, baseSequence: 0, isTransactional: false, ...sequence },
      codec,
    ),
  );
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  return bytes;
}

function read(
  records: Buffer,
  from = 0,
  more: Partial<OpenContext> = {},
  aborted: readonly { producerId: bigint; firstOffset: number }[] = [],
) {
  const run = createRun(100);
  const readMessages = createMessageReader({
    type: json,
    format: 'json',
    messageLimit: 10_000,
    ...more,
  } as OpenContext);
  const cursor = createRecordCursor({ records, aborted }, from, codecs);
  const texts: string[] = [];
  const rejected: string[] = [];
  let next = from;
  while (cursor.next(run)) {
    const messages = readMessages(run, 't/0');
    const text = Buffer.concat(messages.items).toString();
    if (messages.count > 0) texts.push(text);
    rejected.push(...messages.rejected.map(({ place, message }) => `${place}: ${message}`));
    next = run.nextOffset;
  }
  return { values: JSON.parse(`[${texts.join(',')}]`) as unknown[], texts, rejected, next };
}

const texts = (values: readonly string[]) => values.map((value) => Buffer.from(value));

describe('the records of Kafka', () => {
  it('has the check sum of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32, 0xff), 0, 32)).toBe(0x62a8ab43);
  });

  it('have the hashes of their keys where these are asked for, those of rejected records left out', () => {
    const run = createRun(100, true);
    const type = { kind: 'integer' } as const;
    const readMessages = createMessageReader({ type, format: 'json', messageLimit: 100 } as OpenContext);
    const cursor = createRecordCursor({ records: sealed(texts(['1', '"x"', '3'])), aborted: [] }, 0, codecs);
    expect(cursor.next(run)).toBe(true);
    const { keys, count } = readMessages(run, 't/0');
    expect(count).toBe(2);
    expect([...(keys ?? [])]).toEqual(['key 0', 'key 2'].map((key) => keyHash(Buffer.from(key))));
  });

  it.each(compressions.map((name, id) => [name, codecs[id] as Codec] as const))(
    'reads what it has written, compressed with %s',
    (_, codec) => {
      fc.assert(
        fc.property(fc.array(fc.json(), { minLength: 1, maxLength: 250 }), fc.nat(1e12), (values, base) => {
          const found = read(sealed(texts(values), codec, base), base);
          expect(found.values).toEqual(values.map((value) => JSON.parse(value)));
          expect(found.next).toBe(base + values.length);
        }),
        runs(30),
      );
    },
  );

  it('keeps the bytes of a payload, but for line breaks and a byte order mark', () => {
    const values = ['{"n": 9007199254740993,\r\n\t"d": 1.0}', '\ufeff[1.0]', '  "é\\n"'];
    expect(read(sealed(texts(values))).texts.join(',')).toBe(
      '{"n": 9007199254740993,  \t"d": 1.0},[1.0],  "é\\n"',
    );
  });

  it('goes on in the middle of a batch', () => {
    const values = texts(['0', '1', '2', '3']);
    expect(read(sealed(values, none, 10), 12).values).toEqual([2, 3]);
  });

  it('passes over a batch that is not whole at the end', () => {
    const bytes = Buffer.concat([sealed(texts(['0', '1'])), sealed(texts(['2']), none, 2).subarray(0, 50)]);
    expect(read(bytes)).toMatchObject({ values: [0, 1], next: 2 });
  });

  it('rejects messages that do not fit, each with its place, and takes those around them', () => {
    const values = texts(['{"n":1}', '{"n":"x"}', 'poison', '', '{"n":2}']);
    values.push(
      Buffer.from([0x22, 0xff, 0x22]),
      Buffer.from(`"${'x'.repeat(10_001)}"`),
      Buffer.from('{"n":3}'),
    );
    const found = read(sealed(values), 0, { type: record({ n: 'integer' }) });
    expect(found.values).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(found.rejected).toEqual([
      't/0@1: $.n: expected Integer, found "x"',
      expect.stringMatching(/^t\/0@2: no valid JSON at byte 1: /),
      't/0@3: an empty message',
      't/0@5: not valid UTF-8',
      't/0@6: longer than the largest message, 10000 bytes; its first 1024 bytes are kept',
    ]);
  });

  it('takes a null value where the type does', () => {
    const values = [Buffer.from('"a"'), null, Buffer.from('"b"')];
    const optional = { kind: 'optional', item: { kind: 'text' } } as const;
    expect(read(sealed(values), 0, { type: optional }).values).toEqual(['a', null, 'b']);
    const text = [Buffer.from('a'), null, Buffer.from('b')];
    expect(read(sealed(text), 0, { type: optional, format: 'text' }).values).toEqual(['a', null, 'b']);
    const found = read(sealed(text), 0, { type: { kind: 'text' }, format: 'text' });
    expect(found).toMatchObject({ values: ['a', 'b'] });
    expect(found.rejected).toEqual(['t/0@1: a null value (a tombstone), which the type does not take']);
  });

  it('gives bytes as base64', () => {
    const found = read(sealed([Buffer.from([0, 255, 10])]), 0, { type: { kind: 'bytes' }, format: 'bytes' });
    expect(found.values).toEqual(['AP8K']);
  });

  it('leaves out a transaction that was given up, and markers', () => {
    const bytes = Buffer.concat([
      sealed(texts(['0']), none, 0, { producerId: 7n, isTransactional: true }),
      sealed(texts(['1']), none, 1, { producerId: 8n, isTransactional: true }),
      sealed(texts(['2']), none, 2),
      controlBatch(7n, 3),
      sealed(texts(['4']), none, 4, { producerId: 7n, isTransactional: true }),
    ]);
    expect(read(bytes, 0, {}, [{ producerId: 7n, firstOffset: 0 }])).toMatchObject({
      values: [1, 2, 4],
      next: 5,
    });
  });

  it('makes one dead letter of a batch that cannot be read, and goes on behind it', () => {
    const broken = sealed(texts(['1', '2', '3']), codecs[4]);
    broken.fill(0x77, 70);
    const found = read(Buffer.concat([broken, sealed(texts(['4']), none, 3)]));
    expect(found.values).toEqual([4]);
    expect(found.rejected).toEqual([
      expect.stringMatching(/^t\/0@0: the batch up to offset 2 cannot be read: /),
    ]);
  });

  it('ends in dead letters or messages, whatever the bytes of the records are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom(0, 1, 2, 3, 4),
        (noise, codec) => {
          const bytes = sealed(texts(['1', '{"a":2}', '3']), codecs[codec]);
          for (const [at, byte] of noise.entries()) {
            const place = 61 + ((at * 7 + byte) % (bytes.length - 61));
            bytes[place] = byte;
          }
          const found = read(bytes);
          expect(found.next).toBe(3);
        },
      ),
      { ...runs(100), interruptAfterTimeLimit: 5_000 },
    );
  });

  it('picks records out of a batch as they are', () => {
    const builder = createBatchBuilder(encodeHeaders({ a: 'b' }));
    for (let n = 0; n < 200; n++) builder.add(Buffer.from('k'), Buffer.from(String(n)));
    const picked = builder.pick((index) => index % 50 === 49);
    expect(picked.count).toBe(4);
    const bytes = picked.seal(
      { producerId: -1n, producerEpoch: -1, baseSequence: -1, isTransactional: false },
      none,
    );
    expect(read(bytes)).toMatchObject({ values: [49, 99, 149, 199], next: 4 });
  });
});

/** As the broker writes it: the marker of a transaction that was given up. */
function controlBatch(producerId: bigint, offset: number): Buffer {
  const builder = createBatchBuilder();
  builder.add(Buffer.from([0, 0, 0, 0]), Buffer.from([0, 0, 0, 0, 0, 0]));
  const bytes = Buffer.from(
    builder.seal({ producerId, producerEpoch: 1, baseSequence: -1, isTransactional: true }, none),
  );
  bytes.writeInt16BE(0x30, 21);
  bytes.writeBigInt64BE(BigInt(offset), 0);
  return bytes;
}

describe('partitions', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as the Java producer does', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash & 0x7fffffff);
  });

  it('are shared out in ranges among those who ask for the topic', () => {
    const members = [
      { memberId: 'b', topics: ['x', 'y'] },
      { memberId: 'a', topics: ['x'] },
    ];
    const shares = assignRange(
      members,
      new Map([
        ['x', [0, 1, 2]],
        ['y', [0]],
      ]),
    );
    expect(Object.fromEntries(shares)).toEqual({ a: { x: [0, 1] }, b: { x: [2], y: [0] } });
  });
});
