import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sink } from '../../../src/connectors/index.ts';
import { failureOf } from '../support.ts';
import { makeMessages } from './broker-source-conformance.ts';
import { batchOf } from './sink-conformance.ts';

/** A queue or topic with one partition, in a broker. */
export interface BrokerTarget {
  /** A sink of messages of type Json. */
  open(options?: { readonly log?: (line: string) => void }): Promise<Sink>;
  /** All that is there, in order, as a client that is not nstack's sees it. */
  messages(): Promise<readonly string[]>;
}

export interface BrokerSinkCase {
  readonly name: string;
  /** A target of its own for a test; the broker runs by then. */
  make(): Promise<BrokerTarget>;
  /** The broker dies at once. */
  kill(): Promise<void>;
  /** Starts what was killed; resolves when it answers. */
  restart(): Promise<void>;
}

/** The contract of a sink into a broker (src/connectors/connector.ts). */
export function describeBrokerSink(subject: BrokerSinkCase): void {
  /** Opens a sink that is given up when the test is over, unless the test has ended it. */
  async function open(target: BrokerTarget, options?: Parameters<BrokerTarget['open']>[0]) {
    const sink = await target.open(options);
    let isOver = false;
    onTestFinished(async () => {
      if (!isOver) await sink.abandon();
    });
    return {
      write: sink.write,
      finish: () => {
        isOver = true;
        return sink.finish('complete');
      },
      abandon: () => {
        isOver = true;
        return sink.abandon();
      },
    };
  }

  describe(`a ${subject.name} sink`, () => {
    it('has every message out when its write resolves', async () => {
      const target = await subject.make();
      const sink = await open(target);
      await sink.write(batchOf(['1', '2']));
      expect(await target.messages()).toEqual(['1', '2']);
      await sink.finish();
    });

    it('keeps the order of writes that overlap', async () => {
      const target = await subject.make();
      const sink = await open(target);
      const messages = makeMessages(0, 5_000);
      await writeAll(sink, messages, 50);
      await sink.finish();
      expect(await target.messages()).toEqual(messages);
    });

    it('does not look at the bytes of a batch again once its write has resolved', async () => {
      const target = await subject.make();
      const sink = await open(target);
      for (const message of ['"one"', '"two"']) {
        const batch = batchOf([message]);
        await sink.write(batch);
        batch.items.fill(0);
      }
      await sink.finish();
      expect(await target.messages()).toEqual(['"one"', '"two"']);
    });

    it('writes nothing for a batch without messages', async () => {
      const target = await subject.make();
      const sink = await open(target);
      await sink.write(batchOf([]));
      await sink.finish();
      expect(await target.messages()).toEqual([]);
    });

    it('keeps a message of many frames as it is', async () => {
      const target = await subject.make();
      const sink = await open(target);
      const message = JSON.stringify('é'.repeat(400_000));
      await sink.write(batchOf(['1', message, '2']));
      await sink.finish();
      expect(await target.messages()).toEqual(['1', message, '2']);
    });

    it('loses nothing, and keeps the order, when the broker dies while it writes', async () => {
      const target = await subject.make();
      const lines: string[] = [];
      const sink = await open(target, { log: (line) => lines.push(line) });
      const messages = [...makeMessages(0, 1_000)];
      await writeAll(sink, messages, 100);
      let isDead = false;
      const write = async () => {
        // A broker may take longer to be killed than the first of these to be written.
        while (!isDead || messages.length < 20_000) {
          const more = makeMessages(messages.length, 1_000);
          messages.push(...more);
          await writeAll(sink, more, 100);
          if (messages.length >= 20_000) await pause(50);
        }
      };
      const writing = write();
      await subject.kill();
      isDead = true;
      await subject.restart();
      await writing;
      expect([...new Set(await target.messages())]).toEqual(messages);
      expect(lines.length).toBeGreaterThan(0);
      await sink.finish();
    });

    it('waits while the broker is away, from the beginning on', async () => {
      const target = await subject.make();
      await subject.kill();
      const sink = await open(target, { log: () => {} });
      const written = sink.write(batchOf(['1']));
      await subject.restart();
      await written;
      expect(await target.messages()).toEqual(['1']);
      await sink.finish();
    });

    it('rejects what it waits for when it is abandoned, and what comes after', async () => {
      const target = await subject.make();
      await subject.kill();
      const sink = await open(target, { log: () => {} });
      const failure = failureOf(Promise.resolve(sink.write(batchOf(['1']))));
      await sink.abandon();
      expect((await failure).code).toBe('interrupted');
      expect((await failureOf(Promise.resolve(sink.write(batchOf(['2']))))).code).toBe('interrupted');
      await subject.restart();
    });

    it('leaves no descriptor open, however it ends', async () => {
      const target = await subject.make();
      // What opens late and once, such as libraries, is not the sink's.
      await (await open(target)).finish();
      await target.messages();
      const before = await openDescriptors();
      for (const end of ['finish', 'abandon', 'unused'] as const) {
        const sink = await open(target);
        if (end !== 'unused') await sink.write(batchOf(['1']));
        await (end === 'finish' ? sink.finish() : sink.abandon());
      }
      await expect.poll(openDescriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    });
  });
}

/** Writes batches of so many messages, sixteen of them on their way at a time. */
export async function writeAll(
  sink: Pick<Sink, 'write'>,
  messages: readonly string[],
  size: number,
): Promise<void> {
  const writes: Promise<unknown>[] = [];
  for (let at = 0; at < messages.length; at += size) {
    writes.push(Promise.resolve(sink.write(batchOf(messages.slice(at, at + size)))));
    if (writes.length === 16) await writes.shift();
  }
  await Promise.all(writes);
}

async function openDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}
