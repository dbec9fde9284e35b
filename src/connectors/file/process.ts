import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import { NstackError, toErrorMessage } from '../../core/index.ts';
import { fileDescriptor, type ReadEvent, type ReadRequest } from './parquet-messages.ts';

/*
 * A program of its own: reads the Parquet file that it inherited and writes it to stdout as NDJSON, natively in DuckDB. Being apart keeps
 * DuckDB's memory and its crashes out of the data path, and the pipe between them is the back pressure. The file is named to SQL by its
 * descriptor, so that no path gets into a statement.
 */

/** One thread, since the services need the other cores: a second makes three million rows 0.3 s faster and takes 200 MB more. */
const settings = {
  threads: '1',
  memory_limit: '512MB',
  temp_directory: '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};
const table = `read_parquet('/dev/fd/${fileDescriptor}', hive_partitioning = false)`;

// Signals of a terminal or a service manager reach every process; when to end is its parent's to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// When whoever asked is gone, nobody reads.
process.once('disconnect', () => process.exit(1));
process.once('message', (request: ReadRequest) => {
  read(request)
    .catch((error: unknown) => tell({ kind: 'failed', error: toErrorMessage(error) }))
    .finally(() => process.exit());
});

async function read(request: ReadRequest): Promise<void> {
  const { selectList } = await import('./parquet-sql.ts');
  const connection = await connect();
  const columns = await columnsOf(connection, request.shown);
  const list = selectList(request.type, columns, request.shown);
  const { skip = 0, rows } = request;
  const limit = `${rows === undefined ? '' : ` LIMIT ${rows}`}${skip === 0 ? '' : ` OFFSET ${skip}`}`;
  const held = await connection.runAndReadAll(
    `SELECT num_rows FROM parquet_file_metadata('/dev/fd/${fileDescriptor}')`,
  );
  await tell({
    kind: 'opened',
    rows: Math.min(Number(held.value(0, 0)), skip + (rows ?? Number.POSITIVE_INFINITY)),
  });
  if (!request.write) return;
  try {
    await connection.run(`COPY (SELECT ${list} FROM ${table}${limit}) TO '/dev/stdout' (FORMAT json)`);
  } catch (cause) {
    throw unreadable(request.shown, cause);
  }
  await tell({ kind: 'ended' });
}

async function connect(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:', settings)).connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

async function columnsOf(connection: DuckDBConnection, shown: string) {
  let result: DuckDBResultReader;
  try {
    result = await connection.runAndReadAll(`SELECT * FROM ${table} LIMIT 0`);
  } catch (cause) {
    throw unreadable(shown, cause);
  }
  const names = result.columnNames();
  return result.columnTypes().map((type, index) => ({ name: names[index] ?? '', type }));
}

function unreadable(shown: string, cause: unknown): NstackError {
  const [reason = ''] = cause instanceof Error ? cause.message.split('\n') : [String(cause)];
  const named = reason
    .replaceAll(`'/dev/fd/${fileDescriptor}'`, shown)
    .replaceAll(`/dev/fd/${fileDescriptor}`, shown);
  return new NstackError('file-unreadable', `${shown} cannot be read as Parquet: ${named}`, {
    hint: 'Check that it is whole: a Parquet file begins and ends with PAR1.',
    cause,
  });
}

async function tell(event: ReadEvent): Promise<void> {
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(event, undefined, {}, () => resolve());
  });
}
