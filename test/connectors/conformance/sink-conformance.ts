import { describe, expect, it } from 'vitest';
import type { Format, Sink, SinkBatch } from '../../../src/connectors/index.ts';

export interface OpenedSink {
  readonly sink: Sink;
  /** What has come out under the sink's name; undefined: nothing is there. */
  output(): Promise<string | undefined>;
}

export interface SinkCase {
  readonly name: string;
  open(format: Format): Promise<OpenedSink>;
  /** Whether nothing is seen of a run that is abandoned. */
  readonly whole: boolean;
}

/** The contract of a sink (src/connectors/connector.ts), for any connector that writes lines. */
export function describeSink(subject: SinkCase): void {
  describe(`a ${subject.name} sink`, () => {
    it('writes every message as a line, in order', async () => {
      const { sink, output } = await subject.open('json');
      await sink.write(batchOf(['{"n":1}', '{"n":2}']));
      await sink.write(batchOf(['{"n":3}']));
      await sink.finish('complete');
      expect(await output()).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
    });

    it('keeps the order of writes that overlap', async () => {
      const { sink, output } = await subject.open('json');
      const messages = Array.from({ length: 5_000 }, (_, n) => `{"n":${n},"text":"${'é'.repeat(n % 300)}"}`);
      const writes: Promise<unknown>[] = [];
      for (let at = 0; at < messages.length; at += 50)
        writes.push(sink.write(batchOf(messages.slice(at, at + 50))));
      await Promise.all(writes);
      await sink.finish('complete');
      expect(await output()).toBe(messages.map((message) => `${message}\n`).join(''));
    });

    it('makes one line of a message, whatever white space stands around it', async () => {
      const { sink, output } = await subject.open('json');
      const text = '[ {"a": 1} ,\t2 , "x,]" ]';
      await sink.write(batchIn(text, ['{"a": 1}', '2', '"x,]"']));
      await sink.finish('complete');
      const lines = (await output())?.trimEnd().split('\n');
      expect(lines?.map((line) => JSON.parse(line))).toEqual([{ a: 1 }, 2, 'x,]']);
    });

    it('does not look at the bytes of a batch again once its write has resolved', async () => {
      const { sink, output } = await subject.open('json');
      for (const message of ['"one"', '"two"']) {
        const batch = batchOf([message]);
        await sink.write(batch);
        batch.items.fill(0);
      }
      await sink.finish('complete');
      expect(await output()).toBe('"one"\n"two"\n');
    });

    it('writes nothing for a batch without messages', async () => {
      const { sink, output } = await subject.open('json');
      await sink.write(batchOf([]));
      await sink.finish('complete');
      expect(await output()).toBe('');
    });

    it('writes the texts themselves in the format text, and one line a message still', async () => {
      const { sink, output } = await subject.open('text');
      await sink.write(
        batchOf(['"plain é"', '"tab\\tand \\\\"', '"two\\nlines"', '"\\"quoted"', '""', 'null']),
      );
      await sink.finish('complete');
      expect(await output()).toBe('plain é\ntab\tand \\\n"two\\nlines"\n"\\"quoted"\n\nnull\n');
    });

    it('writes what base64 says in the format bytes', async () => {
      const { sink, output } = await subject.open('bytes');
      await sink.write(batchOf(['"aGVsbG8="', '""']));
      await sink.finish('complete');
      expect(await output()).toBe('hello\n\n');
    });

    it.runIf(subject.whole)('leaves nothing behind when it is abandoned', async () => {
      const { sink, output } = await subject.open('json');
      await sink.write(batchOf(['1', '2']));
      await sink.abandon();
      expect(await output()).toBeUndefined();
    });
  });
}

/** A batch as the bridge makes them: one JSON array and the bounds of its elements. */
export function batchOf(messages: readonly string[]): SinkBatch {
  return batchIn(`[${messages.join(',')}]`, messages);
}

function batchIn(text: string, messages: readonly string[]): SinkBatch {
  const items = Buffer.from(text);
  const starts = new Int32Array(messages.length);
  const ends = new Int32Array(messages.length);
  let at = 1;
  for (const [index, message] of messages.entries()) {
    const start = items.indexOf(message, at);
    at = start + Buffer.byteLength(message);
    starts[index] = start;
    ends[index] = at;
  }
  return { items, count: messages.length, starts, ends };
}
