import { describe, expect, it } from 'vitest';
import type { Sink } from '../../../src/connectors/index.ts';
import { batchOf } from './sink-conformance.ts';

export interface DurableSinkCase {
  readonly name: string;
  /** Makes a place that sinks write to, one after the other. */
  make(): Promise<{ open(): Promise<Sink>; messages(): Promise<readonly string[]> }>;
}

/** The contract of a sink of a durable workflow (src/connectors/connector.ts): what it confirmed is there, whatever comes then. */
export function describeDurableSink(subject: DurableSinkCase): void {
  describe(`a durable ${subject.name} sink`, () => {
    it('has every message out when its write resolves', async () => {
      const { open, messages } = await subject.make();
      const sink = await open();
      await sink.write(batchOf(['1', '2']));
      expect(await messages()).toEqual(['1', '2']);
      await sink.write(batchOf(['3']));
      expect(await messages()).toEqual(['1', '2', '3']);
      await sink.finish('complete');
    });

    it('keeps the order of writes that overlap', async () => {
      const { open, messages } = await subject.make();
      const sink = await open();
      const all = Array.from({ length: 400 }, (_, n) => String(n));
      const writes: Promise<unknown>[] = [];
      for (let at = 0; at < all.length; at += 10) writes.push(sink.write(batchOf(all.slice(at, at + 10))));
      await Promise.all(writes);
      expect(await messages()).toEqual(all);
      await sink.finish('stopped');
    });

    it.each(['complete', 'stopped', 'abandoned'] as const)(
      'goes on behind what an earlier run wrote that was %s',
      async (how) => {
        const { open, messages } = await subject.make();
        const first = await open();
        await first.write(batchOf(['1']));
        await (how === 'abandoned' ? first.abandon() : first.finish(how));
        const second = await open();
        await second.write(batchOf(['2']));
        await second.finish('complete');
        expect(await messages()).toEqual(['1', '2']);
      },
    );
  });
}
