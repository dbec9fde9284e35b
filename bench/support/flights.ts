import { DuckDBInstance } from '@duckdb/node-api';

/** Writes the first rows of the flights as NDJSON, dates as RFC 3339 text. */
export async function writeNdjson(parquet: string, target: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;
  await connection.run(
    `COPY (SELECT strftime(date, '%Y-%m-%dT%H:%M:%SZ') AS date, delay, distance, origin, destination FROM ${quoted(parquet)}
      WHERE delay IS NOT NULL LIMIT ${rows}) TO ${quoted(target)} (FORMAT json)`,
  );
  connection.closeSync();
}
