import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceBatch } from '../../../src/connectors/index.ts';
import { createBytesFormat, createTextFormat } from '../../../src/connectors/records/encoded-format.ts';
import { createJsonFormat } from '../../../src/connectors/records/json-format.ts';
import { readRecords } from '../../../src/connectors/records/read-records.ts';
import type { RecordFormat } from '../../../src/connectors/records/record-format.ts';
import { createLineSplitter } from '../../../src/connectors/records/record-splitter.ts';
import { compileValidator, type Type } from '../../../src/types/index.ts';
import { runs } from '../../support/runs.ts';
import { textOf, valuesOf } from '../conformance/source-conformance.ts';

const json: Type = { kind: 'json' };

async function read(
  chunks: readonly Uint8Array[],
  options: { format?: RecordFormat; type?: Type; limit?: number; rows?: number } = {},
): Promise<SourceBatch[]> {
  async function* copies() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const batches: SourceBatch[] = [];
  for await (const batch of readRecords(copies(), {
    format: options.format ?? createJsonFormat(compileValidator(options.type ?? json, 'input')),
    splitter: createLineSplitter(),
    name: 'in.ndjson',
    limit: options.limit ?? 1024 * 1024,
    rows: options.rows ?? Number.POSITIVE_INFINITY,
    linesBefore: 0,
  })) {
    batches.push(batch);
  }
  return batches;
}

const values = (batches: readonly SourceBatch[]) => batches.flatMap(valuesOf);
const rejected = (batches: readonly SourceBatch[]) => batches.flatMap((batch) => batch.rejected);

describe('lines of JSON', () => {
  it('become the same messages at every split of the input into two chunks', async () => {
    const text = Buffer.from('{"a":"é€😀"}\r\n\n[1, 2]\nno\n"x\\n"\n3');
    const whole = await read([text]);
    for (let at = 0; at <= text.length; at++) {
      const split = await read([text.subarray(0, at), text.subarray(at)]);
      expect(values(split)).toEqual(values(whole));
      expect(rejected(split).map(({ place, message }) => [place, message])).toEqual(
        rejected(whole).map(({ place, message }) => [place, message]),
      );
    }
    expect(values(whole)).toEqual([{ a: 'é€😀' }, [1, 2], 'x\n', 3]);
    expect(rejected(whole).map(({ place }) => place)).toEqual(['in.ndjson:2', 'in.ndjson:4']);
  });

  it('are the same messages whatever they are and however they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), async (messages, size) => {
        const text = Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
        const chunks = [];
        for (let at = 0; at < text.length; at += size) chunks.push(text.subarray(at, at + size));
        const batches = await read(chunks);
        expect(batches.map(textOf).filter(Boolean).join(',')).toBe(
          messages.map((message) => JSON.stringify(message)).join(','),
        );
        expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(messages.length);
      }),
      runs(100),
    );
  });

  it('keep every byte of a payload, numbers and spaces too', async () => {
    const [batch] = await read([Buffer.from('{"a" : 1.0,"b":9007199254740993}\n')]);
    expect(batch && textOf(batch)).toBe('{"a" : 1.0,"b":9007199254740993}');
  });

  it('are pieces of the chunk they were read in, not copies', async () => {
    const chunk = Buffer.from('1\n2\nx\n3\n');
    async function* chunks() {
      yield chunk;
    }
    const format = createJsonFormat(compileValidator(json, 'input'));
    const options = { format, splitter: createLineSplitter(), name: '', limit: 99, rows: 99, linesBefore: 0 };
    for await (const { items } of readRecords(chunks(), options)) {
      expect(items.map((piece) => piece.buffer === chunk.buffer)).toEqual([true, true]);
      expect(items.map((piece) => Buffer.from(piece).toString())).toEqual(['1,2,', '3']);
    }
  });

  it('have carriage returns outside of strings made spaces', async () => {
    const [batch] = await read([Buffer.from('{"a":\r1}\r\n2\r\n')]);
    expect(batch && textOf(batch)).toBe('{"a": 1} ,2 ');
  });

  it('are rejected where a carriage return or another control character stands in a string', async () => {
    const batches = await read([Buffer.from('"a\rb"\n"a\u0000b"\n"ok"\n')]);
    expect(values(batches)).toEqual(['ok']);
    expect(rejected(batches).map(({ payload }) => payload.toString())).toHaveLength(2);
  });

  it('say of a line that does not fit what was expected, where, and how many good ones came before it', async () => {
    const type: Type = { kind: 'record', fields: [{ name: 'ms', type: { kind: 'integer' } }] };
    const batches = await read([Buffer.from('{"ms":1}\n{"ms":"12"}\n{"ms":3}\n')], { type });
    expect(values(batches)).toEqual([{ ms: 1 }, { ms: 3 }]);
    const [one] = rejected(batches);
    expect(one?.message).toBe('$.ms: expected Integer, found "12"');
    expect(one?.place).toBe('in.ndjson:2');
    expect(one?.after).toBe(1);
    expect(one && Buffer.from(one.payload).toString()).toBe('{"ms":"12"}');
  });

  it('do not let a line feed through inside a value', async () => {
    const batches = await read([Buffer.from('{"a":\n1}\n')]);
    expect(values(batches)).toEqual([]);
    expect(rejected(batches)).toHaveLength(2);
  });

  it('are rejected one by one where they are not valid UTF-8', async () => {
    const batches = await read([
      Buffer.concat([Buffer.from('"é"\n"'), Buffer.of(0xff, 0xfe), Buffer.from('"\n"')]),
      Buffer.concat([
        Buffer.of(0xc3, 0xa9),
        Buffer.from('"\n"'),
        Buffer.of(0xed, 0xa0, 0x80),
        Buffer.from('"'),
      ]),
    ]);
    expect(values(batches)).toEqual(['é', 'é']);
    expect(rejected(batches).map(({ message, place }) => [place, message])).toEqual([
      ['in.ndjson:2', 'not valid UTF-8'],
      ['in.ndjson:4', 'not valid UTF-8'],
    ]);
  });

  it('are rejected when empty, but for the end of the file', async () => {
    const batches = await read([Buffer.from('1\n\n\r\n2\n')]);
    expect(values(batches)).toEqual([1, 2]);
    expect(rejected(batches).map(({ message }) => message)).toEqual(['an empty line', 'an empty line']);
  });

  it('count the last line when no line feed ends it', async () => {
    expect(values(await read([Buffer.from('1\n2')]))).toEqual([1, 2]);
  });

  it('are rejected beyond the limit, without being held, and the next line is read again', async () => {
    const limit = 4_096;
    const part = Buffer.alloc(1024 * 1024, 'x');
    let largest = 0;
    async function* chunks() {
      yield Buffer.from('1\n"');
      for (let count = 0; count < 100; count++) {
        yield part;
        largest = Math.max(largest, process.memoryUsage().arrayBuffers);
      }
      yield Buffer.from('"\n2\n');
    }
    const before = process.memoryUsage().arrayBuffers;
    const batches: SourceBatch[] = [];
    const format = createJsonFormat(compileValidator(json, 'input'));
    const options = { format, splitter: createLineSplitter(), name: 'big', limit, rows: 99, linesBefore: 0 };
    for await (const batch of readRecords(chunks(), options)) batches.push(batch);
    expect(values(batches)).toEqual([1, 2]);
    const [one] = rejected(batches);
    expect(one?.message).toMatch(/longer than the largest message, 4096 bytes/);
    expect(one?.payload.length).toBe(1024);
    expect(one?.place).toBe('big:2');
    expect(largest - before).toBeLessThan(4 * 1024 * 1024);
  });

  it('are taken at the limit and rejected one byte beyond it, at any split', async () => {
    const text = Buffer.from(`"${'x'.repeat(98)}"\n"${'x'.repeat(99)}"\n1\n`);
    for (let at = 0; at <= text.length; at += 7) {
      const batches = await read([text.subarray(0, at), text.subarray(at)], { limit: 100 });
      expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(2);
      expect(rejected(batches)).toHaveLength(1);
    }
  });

  it('come in batches of at most 256, those that do not fit among them', async () => {
    const batches = await read([Buffer.from('1\nx\n'.repeat(300))]);
    expect(batches.map(({ count, rejected: bad }) => count + bad.length)).toEqual([256, 256, 88]);
  });

  it('come in a batch as soon as it has 64 KiB', async () => {
    const line = `"${'x'.repeat(40 * 1024)}"\n`;
    const batches = await read([Buffer.from(line.repeat(4))]);
    expect(batches.map(({ count }) => count)).toEqual([2, 2]);
  });

  it('count rejected lines among the rows that are asked for', async () => {
    const batches = await read([Buffer.from('1\nx\n3\n4\n')], { rows: 3 });
    expect(values(batches)).toEqual([1, 3]);
    expect(rejected(batches)).toHaveLength(1);
  });

  it('are rejected, all of them, in a binary file', async () => {
    const bytes = Buffer.alloc(100_000);
    for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 7919 + (at >> 8)) & 0xff;
    bytes.fill(0, 5_000, 20_000);
    const batches = await read([bytes.subarray(0, 50_001), bytes.subarray(50_001)]);
    expect(values(batches).filter((value) => typeof value !== 'number')).toEqual([]);
    expect(rejected(batches).length).toBeGreaterThan(100);
  });
});

describe('lines of text', () => {
  it('become JSON strings, escaped where they must be', async () => {
    const lines = ['plain', 'with "quotes" and \\', 'tab\t nul\u0000', '', 'é😀'];
    const batches = await read([Buffer.from(lines.map((line) => `${line}\r\n`).join(''))], {
      format: createTextFormat(),
    });
    expect(values(batches)).toEqual(lines);
  });

  it('are rejected where they are not valid UTF-8', async () => {
    const batches = await read([Buffer.from('a\n\xff\nb\n', 'latin1')], { format: createTextFormat() });
    expect(values(batches)).toEqual(['a', 'b']);
    expect(rejected(batches)).toHaveLength(1);
  });

  it('may be longer than what is reserved for them', async () => {
    const lines = ['x'.repeat(300_000), '"'.repeat(200_000)];
    const batches = await read([Buffer.from(lines.join('\n'))], { format: createTextFormat() });
    expect(values(batches)).toEqual(lines);
  });
});

describe('lines of bytes', () => {
  it('become base64, whatever they are', async () => {
    const batches = await read([Buffer.from('\xff\xfe\r\n\n\x00', 'latin1')], {
      format: createBytesFormat(),
    });
    expect(values(batches).map((text) => Buffer.from(String(text), 'base64').toString('latin1'))).toEqual([
      '\xff\xfe\r',
      '',
      '\x00',
    ]);
  });
});
