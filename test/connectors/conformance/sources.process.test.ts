import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import { findConnector, type OpenContext } from '../../../src/connectors/index.ts';
import { createStdinConnector } from '../../../src/connectors/stdin/stdin.ts';
import { describeSource, type OpenedSource, type Row, rowType } from './source-conformance.ts';

let folder = '';
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-sources-'));
});
afterAll(() => rm(folder, { recursive: true }));

function context(parameters: Record<string, unknown>, rows?: number): OpenContext {
  return {
    parameters,
    type: rowType,
    format: 'json',
    folder,
    messageLimit: 1024 * 1024,
    workflow: 'test',
    durable: false,
    ...(rows === undefined ? {} : { rows }),
  };
}

async function openFile(path: string, rows?: number): Promise<OpenedSource> {
  const source = await findConnector('file')?.source?.open(context({ path }, rows));
  if (source === undefined) throw new Error('no file source');
  return { source, taken: () => source.progress().done };
}

function fileOf(extension: string, encode: (rows: readonly Row[]) => Uint8Array | string) {
  return async (rows: readonly Row[], options?: { readonly rows?: number }) => {
    const path = `${made++}.${extension}`;
    await writeFile(join(folder, path), encode(rows));
    return openFile(path, options?.rows);
  };
}

const toLines = (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const toCsv = (rows: readonly Row[]) =>
  ['text,n', ...rows.map(({ n, text }) => `"${text}",${n}`)].join('\r\n');
const chunk = 256 * 1024;

describeSource({ name: 'NDJSON file', open: fileOf('ndjson', toLines), readAhead: 3 * chunk });
describeSource({
  name: 'compressed NDJSON file',
  open: fileOf('ndjson.gz', (rows) => gzipSync(toLines(rows), { level: 0 })),
  readAhead: 5 * chunk,
});
describeSource({ name: 'CSV file', open: fileOf('csv', toCsv), readAhead: 3 * chunk });

describeSource({
  name: 'Parquet file',
  async open(rows, options) {
    const path = `${made++}.parquet`;
    const lines = join(folder, `${path}.ndjson`);
    await writeFile(lines, toLines(rows.length === 0 ? [{ n: 0, text: '' }] : rows));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const where = rows.length === 0 ? ' WHERE false' : '';
    await connection.run(
      `COPY (SELECT text, n FROM read_json('${lines}')${where}) TO '${join(folder, path)}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const { source } = await openFile(path, options?.rows);
    return { source, taken: writtenByChildren };
  },
  readAhead: 4 * chunk,
});

/** Bytes that the child processes of this one have written. */
function writtenByChildren(): number {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('duckdb-reader'))
    .map((pid) => Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]))
    .reduce((sum, bytes) => sum + bytes, 0);
}

function openStream(stream: Readable, taken: () => number, rows?: number): Promise<OpenedSource> {
  const { source } = createStdinConnector(() => stream);
  if (source === undefined) throw new Error('no stdin source');
  return source.open(context({}, rows)).then((opened) => ({ source: opened, taken }));
}

describeSource({
  name: 'stdin',
  async open(rows, options) {
    const bytes = Buffer.from(toLines(rows));
    let at = 0;
    const stream = new Readable({
      read(size) {
        this.push(at < bytes.length ? Buffer.from(bytes.subarray(at, at + size)) : null);
        at += size;
      },
    });
    return openStream(stream, () => at, options?.rows);
  },
  openIdle: () => openStream(new Readable({ read() {} }), () => 0),
  readAhead: 3 * chunk,
});

function makePipe(): string {
  const path = `${made++}.ndjson`;
  execFileSync('mkfifo', [join(folder, path)]);
  return path;
}

const writers: ChildProcess[] = [];
afterAll(() => {
  for (const writer of writers) writer.kill('SIGKILL');
});

describeSource({
  name: 'named pipe',
  async open(rows, options) {
    const path = makePipe();
    const data = join(folder, `${path}.data`);
    await writeFile(data, toLines(rows));
    const opened = await openFile(path, options?.rows);
    // A pipe is over once somebody wrote to it: one without messages gets a byte order mark.
    const script = rows.length === 0 ? 'printf "\\357\\273\\277" > "$1"' : 'cat "$0" > "$1"';
    writers.push(spawn('sh', ['-c', script, data, join(folder, path)], { stdio: 'ignore' }));
    return opened;
  },
  openIdle: () => openFile(makePipe()),
  readAhead: 3 * chunk,
});
