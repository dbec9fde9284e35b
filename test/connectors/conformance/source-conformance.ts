import { readdir } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Source, SourceBatch } from '../../../src/connectors/index.ts';
import type { Type } from '../../../src/types/index.ts';

/** What every source under test gives: records of this type. */
export interface Row {
  readonly n: number;
  readonly text: string;
}

export const rowType: Type = {
  kind: 'record',
  fields: [
    { name: 'n', type: { kind: 'integer' } },
    { name: 'text', type: { kind: 'text' } },
  ],
};

export interface OpenedSource {
  readonly source: Source;
  /** Bytes it has taken from what it reads so far. */
  taken(): number | Promise<number>;
}

export interface SourceCase {
  readonly name: string;
  /** Opens a source that holds these rows. */
  open(rows: readonly Row[], options?: { readonly rows?: number }): Promise<OpenedSource>;
  /** Opens a source that has nothing to give yet and is not over. Missing where there is no such thing. */
  openIdle?(): Promise<OpenedSource>;
  /** Most bytes that it may take without being asked. */
  readonly readAhead: number;
}

/** The contract of a source (src/connectors/connector.ts), for any connector. */
export function describeSource(subject: SourceCase): void {
  const never = new AbortController().signal;

  describe(`a ${subject.name} source`, () => {
    it('gives every message once, in order', async () => {
      const rows = makeRows(3_000);
      const { source } = await subject.open(rows);
      const batches = await collect(source.read(never));
      expect(batches.flatMap(valuesOf)).toEqual(rows);
    });

    it('counts the messages of each batch', async () => {
      const { source } = await subject.open(makeRows(1_000));
      for (const batch of await collect(source.read(never))) {
        expect(valuesOf(batch)).toHaveLength(batch.count);
        expect(batch.count + batch.rejected.length).toBeGreaterThan(0);
      }
    });

    it('hands over batches that stay as they are while later ones are read', async () => {
      const rows = makeRows(5_000);
      const { source } = await subject.open(rows);
      const early: { batch: SourceBatch; text: string }[] = [];
      for await (const batch of source.read(never)) early.push({ batch, text: textOf(batch) });
      for (const { batch, text } of early) expect(textOf(batch)).toBe(text);
    });

    it('ends without a batch when there is nothing', async () => {
      const { source } = await subject.open([]);
      expect(await collect(source.read(never))).toEqual([]);
    });

    it.each([0, 1, 256, 257, 700])('stops after %i messages when asked for that many', async (limit) => {
      const rows = makeRows(1_000);
      const { source } = await subject.open(rows, { rows: limit });
      const batches = await collect(source.read(never));
      expect(batches.flatMap(valuesOf)).toEqual(rows.slice(0, limit));
    });

    it('reads ahead a bounded amount only when nobody pulls', async () => {
      const { source, taken } = await subject.open(makeRows(200_000));
      const batches = source.read(never)[Symbol.asyncIterator]();
      await batches.next();
      for (let turns = 0; turns < 300; turns++) await turn();
      expect(await taken()).toBeLessThanOrEqual(subject.readAhead);
      await source.close();
    });

    it('gives positions that are plain JSON and never go back, and takes them in commit', async () => {
      const { source } = await subject.open(makeRows(2_000));
      let last = -1;
      for await (const { position } of source.read(never)) {
        expect(JSON.parse(JSON.stringify(position))).toEqual(position);
        const { records } = position as { records: number };
        expect(records).toBeGreaterThan(last);
        last = records;
        await source.commit(position, '');
      }
      expect(last).toBe(2_000);
    });

    it('has made all its progress at the end', async () => {
      const { source } = await subject.open(makeRows(2_000));
      await collect(source.read(never));
      const { done, total } = source.progress();
      expect(done).toBe(total ?? 2_000);
    });

    it('can be closed before it is read, twice', async () => {
      const { source } = await subject.open(makeRows(10));
      await source.close();
      await source.close();
      expect(await collect(source.read(never))).toEqual([]);
    });

    it('ends without an error when it is closed between two batches', async () => {
      const { source } = await subject.open(makeRows(100_000));
      let batches = 0;
      for await (const _ of source.read(never)) {
        batches++;
        await source.close();
      }
      expect(batches).toBe(1);
    });

    it('ends without an error when it is aborted between two batches', async () => {
      const { source } = await subject.open(makeRows(100_000));
      const abort = new AbortController();
      let batches = 0;
      for await (const _ of source.read(abort.signal)) {
        batches++;
        abort.abort();
      }
      expect(batches).toBe(1);
    });

    it('gives nothing when it was aborted before it is read', async () => {
      const { source } = await subject.open(makeRows(10));
      expect(await collect(source.read(AbortSignal.abort()))).toEqual([]);
    });

    it('leaves no descriptor open, however it ends', async () => {
      const before = await openDescriptors();
      for (const end of ['whole', 'left', 'closed', 'unread'] as const) {
        const { source } = await subject.open(makeRows(20_000));
        if (end === 'whole') await collect(source.read(never));
        if (end === 'left') for await (const _ of source.read(never)) break;
        if (end === 'closed') {
          await source.read(never)[Symbol.asyncIterator]().next();
          await source.close();
        }
        await source.close();
      }
      await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
    });

    const idle = subject.openIdle;
    it.runIf(idle !== undefined)('ends without an error when it is aborted while it waits', async () => {
      const opened = await idle?.();
      const abort = new AbortController();
      const batches = opened?.source.read(abort.signal)[Symbol.asyncIterator]();
      const next = batches?.next();
      await turn();
      abort.abort();
      expect(await next).toEqual({ done: true, value: undefined });
    });

    it.runIf(idle !== undefined)('ends without an error when it is closed while it waits', async () => {
      const opened = await idle?.();
      const next = opened?.source.read(never)[Symbol.asyncIterator]().next();
      await turn();
      await opened?.source.close();
      expect(await next).toEqual({ done: true, value: undefined });
    });
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The messages of a batch, parsed. */
export function valuesOf(batch: SourceBatch): unknown[] {
  return JSON.parse(`[${textOf(batch)}]`);
}

export function textOf(batch: SourceBatch): string {
  return Buffer.concat(batch.items).toString('utf8');
}

function makeRows(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, n) => ({ n, text: `row ${n} ${'x'.repeat(n % 97)} é` }));
}

async function openDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}
