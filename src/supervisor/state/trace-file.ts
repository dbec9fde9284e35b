import { join } from 'node:path';
import type { TraceRecord } from '../../workflow/index.ts';
import { lastLines } from './last-lines.ts';
import { createRotatingLines } from './rotating-lines.ts';

/** Where a data path notes the way of its batches. */
export interface TraceFile {
  /** Never throws and never waits; what the disk is too slow for is dropped. */
  append(record: TraceRecord): void;
  close(): Promise<void>;
}

const rotateAt = 16 * 1024 * 1024;
/** Milliseconds: without it each batch is a write of its own. */
const rest = 50;
const names = { newer: 'trace.ndjson', older: 'trace.1.ndjson' };

export function createTraceFile(folder: string): TraceFile {
  const lines = createRotatingLines({
    path: join(folder, names.newer),
    older: join(folder, names.older),
    rotateAt,
    rest,
    notice: (dropped, why) => JSON.stringify({ dropped, why }),
  });
  return {
    append: (record) => lines.append(JSON.stringify(record)),
    close: () => lines.close(),
  };
}

/** The last that were noted in a folder, the newest last, also while they are written. */
export async function readTraces(folder: string, most: number): Promise<readonly TraceRecord[]> {
  const records: TraceRecord[] = [];
  for (const name of [names.newer, names.older]) {
    for await (const line of lastLines(join(folder, name))) {
      if (records.length >= most) return records.reverse();
      const record: unknown = JSON.parse(line);
      if (isTrace(record)) records.push(record);
    }
  }
  return records.reverse();
}

/** A line may also tell of traces that were dropped. */
function isTrace(record: unknown): record is TraceRecord {
  return typeof record === 'object' && record !== null && 'nodes' in record;
}
