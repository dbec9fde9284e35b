import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import { findConnector } from '../../../src/connectors/index.ts';
import { describeDurableSource } from './durable-source-conformance.ts';
import { type Row, rowType } from './source-conformance.ts';

let folder = '';
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-durable-'));
});
afterAll(() => rm(folder, { recursive: true }));

function describeFile(
  name: string,
  extension: string,
  encode: (rows: readonly Row[]) => Uint8Array | string,
): void {
  describeDurableSource({
    name,
    async make(rows) {
      const path = `${made++}.${extension}`;
      await writeFile(join(folder, path), encode(rows));
      return (positions) => openFile(path, positions);
    },
  });
}

async function openFile(path: string, positions: Readonly<Record<string, unknown>> | undefined) {
  const source = await findConnector('file')?.source?.open({
    parameters: { path },
    type: rowType,
    format: 'json',
    folder,
    messageLimit: 1024 * 1024,
    workflow: 'test',
    durable: true,
    ...(positions === undefined ? {} : { positions }),
  });
  if (source === undefined) throw new Error('no file source');
  return source;
}

const toLines = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const toCsv = (rows: readonly Row[]) =>
  ['text,n', ...rows.map(({ n, text }) => `"${text}",${n}`)].join('\r\n');

describeFile('NDJSON file', 'ndjson', toLines);
describeFile('NDJSON file with a byte order mark', 'ndjson', (rows) => `\ufeff${toLines(rows)}\n`);
describeFile('compressed NDJSON file', 'ndjson.gz', (rows) => gzipSync(toLines(rows)));
describeFile('CSV file', 'csv', toCsv);
describeFile('CSV file with a byte order mark', 'csv', (rows) => `\ufeff${toCsv(rows)}\n`);

describeDurableSource({
  name: 'Parquet file',
  async make(rows) {
    const path = `${made++}.parquet`;
    const lines = join(folder, `${path}.ndjson`);
    await writeFile(lines, toLines(rows));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT text, n FROM read_json('${lines}')) TO '${join(folder, path)}' (FORMAT parquet, ROW_GROUP_SIZE 512)`,
    );
    connection.closeSync();
    instance.closeSync();
    return (positions) => openFile(path, positions);
  },
});
