import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';
import { out } from './nstack.ts';

/** Three million real flights. */
export const parquet = join(packageRoot(), 'node_modules/vega-datasets/data/flights-3m.parquet');

/** A file with the first flights as NDJSON, dates as RFC 3339 text; made where it is not there yet. Answers its path. */
export async function flightsNdjson(rows: number): Promise<string> {
  const target = join(out, `flights-${rows}.ndjson`);
  if (!existsSync(target)) await writeNdjson(target, rows);
  return target;
}

async function writeNdjson(target: string, rows: number): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;
  await connection.run(
    `COPY (SELECT strftime(date, '%Y-%m-%dT%H:%M:%SZ') AS date, delay, distance, origin, destination FROM ${quoted(parquet)}
      WHERE delay IS NOT NULL LIMIT ${rows}) TO ${quoted(target)} (FORMAT json)`,
  );
  connection.closeSync();
}
