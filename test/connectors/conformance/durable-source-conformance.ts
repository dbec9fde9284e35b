import { describe, expect, it } from 'vitest';
import type { Source, SourceBatch } from '../../../src/connectors/index.ts';
import { collect, type Row, valuesOf } from './source-conformance.ts';

export interface DurableSourceCase {
  readonly name: string;
  /** Makes what holds these rows, and gives what opens a source of it, from positions that were committed on. */
  make(
    rows: readonly Row[],
  ): Promise<(positions: Readonly<Record<string, unknown>> | undefined) => Promise<Source>>;
}

/** The contract of a source whose positions nstack remembers (src/connectors/connector.ts). */
export function describeDurableSource(subject: DurableSourceCase): void {
  const never = new AbortController().signal;

  async function readAll(source: Source): Promise<readonly SourceBatch[]> {
    try {
      return await collect(source.read(never));
    } finally {
      await source.close();
    }
  }

  describe(`a ${subject.name} source that nstack remembers`, () => {
    it('goes on behind every position that it ever gave', async () => {
      const rows = makeRows(1_500);
      const open = await subject.make(rows);
      let given = 0;
      for (const batch of await readAll(await open(undefined))) {
        given += batch.count;
        const position: unknown = JSON.parse(JSON.stringify(batch.position));
        const rest = await readAll(await open({ [batch.partition ?? '']: position }));
        expect(rest.flatMap(valuesOf)).toEqual(rows.slice(given));
      }
      expect(given).toBe(rows.length);
    });

    it('gives positions that mean the same, whatever it began with', async () => {
      const open = await subject.make(makeRows(1_000));
      const [first, ...others] = await readAll(await open(undefined));
      const rest = await readAll(await open({ '': first?.position }));
      expect(rest.at(-1)?.position).toEqual(others.at(-1)?.position);
    });

    it('begins at the beginning where nothing was committed', async () => {
      const rows = makeRows(10);
      const open = await subject.make(rows);
      expect((await readAll(await open({}))).flatMap(valuesOf)).toEqual(rows);
    });
  });
}

function makeRows(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, n) => ({ n, text: `row ${n} ${'x'.repeat(n % 397)} é` }));
}
