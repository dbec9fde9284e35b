import { readdir } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Source, SourceBatch } from '../../../src/connectors/index.ts';
import { textOf, valuesOf } from './source-conformance.ts';

/** A queue or topic with one partition, in a broker. */
export interface BrokerPlace {
  /** Puts JSON messages in, as a client that is not nstack's would; resolves when the broker has confirmed them. */
  send(messages: readonly string[]): Promise<void>;
  /** A source of messages of type Json; each place has one group of consumers. */
  open(options?: { readonly rows?: number; readonly log?: (line: string) => void }): Promise<Source>;
  /** What a source that is opened now would be given, of messages; asked when none is open. */
  uncommitted(): Promise<number>;
  /** Most messages of these that a source has taken from the broker; asked while it is open. */
  taken(): Promise<number>;
}

export interface BrokerSourceCase {
  readonly name: string;
  /** A place of its own for a test; the broker runs by then. */
  make(): Promise<BrokerPlace>;
  /** The broker dies at once, and answers again when this resolves. */
  restart(): Promise<void>;
  /** A broker that has died hands out what was never read before what it gives again. */
  readonly mixesWhenItDies?: boolean;
  /** Most messages of 100 bytes that a source may take without being asked. */
  readonly readAhead: number;
}

const never = new AbortController().signal;

/** The contract of a source whose system remembers (src/connectors/connector.ts), for any broker. */
export function describeBrokerSource(subject: BrokerSourceCase): void {
  /** Opens a source that is closed when the test is over. */
  async function open(place: BrokerPlace, options?: Parameters<BrokerPlace['open']>[0]): Promise<Source> {
    const source = await place.open(options);
    onTestFinished(() => source.close());
    return source;
  }

  describe(`a ${subject.name} source`, () => {
    it('gives every message once, in order, those that come while it waits among them', async () => {
      const place = await subject.make();
      const messages = makeMessages(0, 3_000);
      await place.send(messages.slice(0, 1_000));
      const reader = readerOf(await open(place));
      await reader.take(1_000);
      await place.send(messages.slice(1_000));
      expect(await reader.take(2_000)).toEqual(parse(messages.slice(1_000)));
    });

    it('counts the messages of each batch, and hands over batches that stay as they are', async () => {
      const place = await subject.make();
      await place.send(makeMessages(0, 2_000));
      const source = await open(place);
      const early: { batch: SourceBatch; text: string }[] = [];
      let count = 0;
      for await (const batch of source.read(never)) {
        expect(valuesOf(batch)).toHaveLength(batch.count);
        expect(JSON.parse(JSON.stringify(batch.position))).toEqual(batch.position);
        early.push({ batch, text: textOf(batch) });
        await source.commit(batch.position, batch.partition ?? '');
        count += batch.count;
        if (count === 2_000) break;
      }
      for (const { batch, text } of early) expect(textOf(batch)).toBe(text);
    });

    it('is given what was not committed again, from the first of it on, after it was closed', async () => {
      const place = await subject.make();
      const messages = makeMessages(0, 1_000);
      await place.send(messages);
      const first = await open(place);
      const reader = readerOf(first);
      await reader.take(1_000, { commit: 300 });
      await first.close();
      const second = readerOf(await open(place));
      expect(await second.take(1_000 - reader.committed())).toEqual(
        parse(messages.slice(reader.committed())),
      );
    });

    it('is not given again what was committed', async () => {
      const place = await subject.make();
      await place.send(makeMessages(0, 500));
      const first = await open(place);
      await readerOf(first).take(500, { commit: 500 });
      await first.close();
      expect(await place.uncommitted()).toBe(0);
      await place.send(makeMessages(500, 10));
      expect(await readerOf(await open(place)).take(10)).toEqual(parse(makeMessages(500, 10)));
    });

    it('takes a commit after it was aborted', async () => {
      const place = await subject.make();
      await place.send(makeMessages(0, 10));
      const source = await open(place);
      const abort = new AbortController();
      let count = 0;
      for await (const batch of source.read(abort.signal)) {
        count += batch.count;
        if (count < 10) continue;
        abort.abort();
        await source.commit(batch.position, batch.partition ?? '');
      }
      await source.close();
      expect(await place.uncommitted()).toBe(0);
    });

    it.each([0, 1, 256, 700])('stops after %i messages when asked for that many', async (rows) => {
      const place = await subject.make();
      const messages = makeMessages(0, 1_000);
      await place.send(messages);
      const source = await open(place, { rows });
      const values: unknown[] = [];
      for await (const batch of source.read(never)) values.push(...valuesOf(batch));
      expect(values).toEqual(parse(messages.slice(0, rows)));
    });

    it('takes a bounded number of messages only when nobody pulls', async () => {
      const place = await subject.make();
      await place.send(makeMessages(0, subject.readAhead + 5_000));
      const source = await open(place);
      await source.read(never)[Symbol.asyncIterator]().next();
      await expect.poll(() => place.taken(), { timeout: 10_000 }).toBeGreaterThan(0);
      for (let turns = 0; turns < 300; turns++) await turn();
      expect(await place.taken()).toBeLessThanOrEqual(subject.readAhead);
    });

    const keepsOrder = subject.mixesWhenItDies === true ? '' : ', and keeps the order,';
    it(`loses nothing${keepsOrder} when the broker dies while it reads`, async () => {
      const place = await subject.make();
      const messages = makeMessages(0, 6_000);
      await place.send(messages.slice(0, 4_000));
      const lines: string[] = [];
      const source = await open(place, { log: (line) => lines.push(line) });
      const reader = readerOf(source);
      const before = await reader.take(1_500, { commit: 1_000 });
      await subject.restart();
      await place.send(messages.slice(4_000));
      const after = await reader.takeUntil(
        (values) => firstOccurrences([...before, ...values]).length === messages.length,
      );
      const received = firstOccurrences([...before, ...after]) as { readonly n: number }[];
      if (subject.mixesWhenItDies === true) received.sort((a, b) => a.n - b.n);
      expect(received).toEqual(parse(messages));
      expect(lines.length).toBeGreaterThan(0);
    });

    it('can be closed before it is read, twice', async () => {
      const place = await subject.make();
      const source = await open(place);
      await source.close();
      await source.close();
      for await (const _ of source.read(never)) expect.unreachable();
    });

    it('gives nothing when it was aborted before it is read', async () => {
      const place = await subject.make();
      await place.send(makeMessages(0, 10));
      const source = await open(place);
      for await (const _ of source.read(AbortSignal.abort())) expect.unreachable();
    });

    it.each(['closed', 'aborted'] as const)(
      'ends without an error when it is %s while it waits',
      async (how) => {
        const place = await subject.make();
        await place.send(makeMessages(0, 1));
        const source = await open(place);
        const abort = new AbortController();
        const batches = source.read(abort.signal)[Symbol.asyncIterator]();
        await batches.next();
        const next = batches.next();
        await turn();
        if (how === 'closed') await source.close();
        else abort.abort();
        expect(await next).toEqual({ done: true, value: undefined });
      },
    );

    it('leaves no descriptor open, however it ends', async () => {
      const place = await subject.make();
      await place.send(makeMessages(0, 1_000));
      const before = await openDescriptors();
      for (const end of ['left', 'closed', 'unread', 'connecting'] as const) {
        const source = await place.open();
        if (end === 'left') for await (const _ of source.read(never)) break;
        if (end === 'closed') await source.read(never)[Symbol.asyncIterator]().next();
        if (end === 'connecting') void source.read(never)[Symbol.asyncIterator]().next();
        await source.close();
      }
      await expect.poll(openDescriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    });

    it('counts what it has read', async () => {
      const place = await subject.make();
      await place.send(makeMessages(0, 100));
      const source = await open(place);
      await readerOf(source).take(100);
      expect(source.progress()).toMatchObject({ unit: 'messages', done: 100 });
    });
  });
}

/** `{"n":0,"text":"..."}`, about 100 bytes each. */
export function makeMessages(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    return JSON.stringify({ n, text: `message ${n} é ${'x'.repeat(70 + (n % 7))}` });
  });
}

export function parse(messages: readonly string[]): unknown[] {
  return messages.map((message) => JSON.parse(message));
}

/** Pulls a source from one place, and commits as it is told. */
export function readerOf(source: Source) {
  const batches = source.read(never)[Symbol.asyncIterator]();
  let read = 0;
  let committed = 0;

  async function takeUntil(
    isEnough: (values: readonly unknown[]) => boolean,
    { commit = Number.POSITIVE_INFINITY } = {},
  ): Promise<unknown[]> {
    const values: unknown[] = [];
    while (!isEnough(values)) {
      const next = await batches.next();
      if (next.done === true) throw new Error(`the source ended after ${read} messages`);
      values.push(...valuesOf(next.value));
      read += next.value.count;
      if (read > commit) continue;
      committed = read;
      await source.commit(next.value.position, next.value.partition ?? '');
    }
    return values;
  }

  return {
    takeUntil,
    /** As many messages as that and not one more come, or the test runs out of time. */
    take: (count: number, options?: { readonly commit?: number }) =>
      takeUntil((values) => values.length >= count, options),
    committed: () => committed,
  };
}

/** What came again is left out: at least once. */
export function firstOccurrences(values: readonly unknown[]): unknown[] {
  return parse([...new Set(values.map((value) => JSON.stringify(value)))]);
}

async function openDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}
