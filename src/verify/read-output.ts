import type { Source, SourceBatch } from '../connectors/index.ts';
import { findNumber } from './find-number.ts';
import type { Judge } from './judge.ts';
import type { Marker } from './marker.ts';

export interface ReadOutputOptions {
  readonly source: Source;
  readonly judge: Judge;
  readonly marker: Marker;
  /** Field that carries the number; undefined: wherever it is. */
  readonly path: readonly string[] | undefined;
  readonly signal: AbortSignal;
  onBatch(): void;
}

/** Gives the judge what comes out, until the signal is aborted. */
export async function readOutput(options: ReadOutputOptions): Promise<void> {
  const { source, judge, marker, path, signal, onBatch } = options;
  for await (const batch of source.read(signal)) {
    const { partition = '', position, rejected } = batch;
    for (const value of valuesOf(batch)) judge.take(findNumber(value, path, marker), partition);
    for (const _ of rejected) judge.take(undefined, partition);
    onBatch();
    await source.commit(position, partition);
  }
}

/** Integers beyond 2^53 lose digits here, and none of ours is. */
function valuesOf({ items, count }: SourceBatch): readonly unknown[] {
  if (count === 0) return [];
  const [only] = items;
  const bytes = items.length === 1 && only !== undefined ? only : Buffer.concat(items);
  return JSON.parse(`[${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')}]`);
}
