import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { findConnector, type OpenContext } from '../../../src/connectors/index.ts';
import { packageRoot } from '../../../src/core/index.ts';
import type { Type } from '../../../src/types/index.ts';
import {
  contextOf,
  failureOf,
  json,
  makeFolder,
  messagesOf,
  readFileSource,
  record,
  rejectedOf,
} from '../support.ts';

/** A folder with t.parquet, which holds what the query gives. */
async function makeParquet(query: string): Promise<string> {
  const folder = await makeFolder();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${join(folder, 't.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return folder;
}

async function readParquet(query: string, type: Type, more: Partial<OpenContext> = {}) {
  return readFileSource(contextOf(await makeParquet(query), 't.parquet', { ...more, type }));
}

const check = (context: OpenContext) =>
  failureOf(findConnector('file')?.source?.check(context) ?? Promise.resolve());

/** What is in the file, the type that is wanted, and the JSON that comes. */
const conversions = [
  ["TIMESTAMP '2001-01-01 00:01:00'", 'timestamp', '"2001-01-01T00:01:00Z"'],
  ["TIMESTAMP '2001-01-01 00:01:00.123456'", 'timestamp', '"2001-01-01T00:01:00.123456Z"'],
  ["TIMESTAMP_NS '2001-01-01 00:01:00.123456789'", 'timestamp', '"2001-01-01T00:01:00.123456789Z"'],
  ["TIMESTAMPTZ '2001-01-01 00:01:00+02'", 'timestamp', '"2000-12-31T22:01:00Z"'],
  ["DATE '2001-01-01'", 'timestamp', '"2001-01-01T00:00:00Z"'],
  ["DATE '2001-01-01'", 'text', '"2001-01-01"'],
  ['1.50::DECIMAL(9,2)', 'double', '1.5'],
  ['1.50::DECIMAL(9,2)', 'text', '"1.50"'],
  ['12345678901234567890123456789::DECIMAL(38,0)', 'integer', '12345678901234567890123456789'],
  ['18446744073709551615::UBIGINT', 'integer', '18446744073709551615'],
  ['1::TINYINT', 'double', '1'],
  ['0.5::FLOAT', 'double', '0.5'],
  ['true', 'boolean', 'true'],
  ["'\\xAA\\x00'::BLOB", 'bytes', '"qgA="'],
  ["TIMESTAMP '2001-01-01 00:01:00'", 'json', '"2001-01-01T00:01:00Z"'],
  [
    "{'a': [TIMESTAMP '2001-01-01 00:00:00'], 'b': '\\xAA'::BLOB}",
    'json',
    '{"a":["2001-01-01T00:00:00Z"],"b":"qg=="}',
  ],
] as const;

describe('a Parquet file as a source', () => {
  it('gives a record of each row, its fields found by name', async () => {
    const query = "SELECT 'x' AS extra, 'LAS' AS ORIGIN, 33::BIGINT AS delay UNION ALL SELECT 'y', 'é\"', -1";
    expect(messagesOf(await readParquet(query, record({ delay: 'integer', origin: 'text' })))).toEqual([
      { delay: 33, origin: 'LAS' },
      { delay: -1, origin: 'é"' },
    ]);
  });

  it('makes every column that fits a type fit it', async () => {
    const list = conversions.map(([sql], index) => `${sql} AS x${index}`).join(', ');
    const type = record(Object.fromEntries(conversions.map(([, kind], index) => [`x${index}`, kind])));
    const [batch] = await readParquet(`SELECT ${list}`, type);
    const expected = conversions.map(([, , text], index) => `"x${index}":${text}`).join(',');
    expect(Buffer.concat(batch?.items ?? []).toString()).toBe(`{${expected}}`);
  });

  it('makes lists, maps and structs fit, at depth', async () => {
    const at: Type = { kind: 'timestamp' };
    const type: Type = {
      kind: 'record',
      fields: [
        { name: 'l', type: { kind: 'list', item: { kind: 'list', item: at } } },
        { name: 'm', type: { kind: 'map', item: at } },
        { name: 's', type: { kind: 'record', fields: [{ name: "it's", type: at }] } },
        {
          name: 'n',
          type: { kind: 'optional', item: { kind: 'record', fields: [{ name: 'a', type: at }] } },
        },
      ],
    };
    const query = `SELECT [[TIMESTAMP '2001-01-01'], []] AS l, MAP {'k': TIMESTAMP '2001-01-02'} AS m,
      {'it''s': TIMESTAMP '2001-01-03', 'z': 1} AS s, NULL::STRUCT(a TIMESTAMP) AS n`;
    expect(messagesOf(await readParquet(query, type))).toEqual([
      {
        l: [['2001-01-01T00:00:00Z'], []],
        m: { k: '2001-01-02T00:00:00Z' },
        s: { "it's": '2001-01-03T00:00:00Z' },
        n: null,
      },
    ]);
  });

  it('rejects rows that hold no value of the type, by their number', async () => {
    const query = `SELECT * FROM (VALUES (1, 1.0::DOUBLE), (NULL, 1.0), (3, 'nan'::DOUBLE), (4, 'inf'::DOUBLE), (5, 2.0)) AS t(i, d)`;
    const batches = await readParquet(query, record({ i: 'integer', d: 'double' }));
    expect(messagesOf(batches)).toEqual([
      { i: 1, d: 1 },
      { i: 5, d: 2 },
    ]);
    expect(batches.flatMap(({ rejected }) => rejected.map(({ place }) => place))).toEqual([
      't.parquet:2',
      't.parquet:3',
      't.parquet:4',
    ]);
  });

  it('takes a null and a missing column for a missing optional', async () => {
    const type = record({ 'i?': 'integer', 'none?': 'text' });
    expect(messagesOf(await readParquet('SELECT NULL::BIGINT AS i', type))).toEqual([{ i: null }]);
  });

  it('says before the start what does not fit, and lists the columns', async () => {
    const folder = await makeParquet("SELECT 'x' AS delay, TIMESTAMP '2001-01-01' AS date");
    const error = await check(
      contextOf(folder, 't.parquet', { type: record({ delay: 'integer', date: 'text' }) }),
    );
    expect(error.code).toBe('connector-invalid');
    expect(error.message).toBe(
      't.parquet: column delay VARCHAR cannot be delay: Integer; column date TIMESTAMP cannot be date: Text',
    );
    expect(error.hint).toBe('Columns of t.parquet: delay VARCHAR, date TIMESTAMP.');
    const missing = await check(contextOf(folder, 't.parquet', { type: record({ origin: 'text' }) }));
    expect(missing.message).toBe('t.parquet has no column for the field origin: Text');
    expect(missing.hint).toContain('Columns of t.parquet: delay VARCHAR, date TIMESTAMP.');
  });

  it('may have any sign in the names of its file and columns', async () => {
    const query = `SELECT 1 AS "a""b; DROP TABLE x --", 2 AS "it's"`;
    const folder = await makeParquet(query);
    const name = `o'k" [1] *.parquet`;
    await rename(join(folder, 't.parquet'), join(folder, name));
    const batches = await readFileSource(
      contextOf(folder, name, { type: record({ 'a"b; DROP TABLE x --': 'integer', "it's": 'integer' }) }),
    );
    expect(messagesOf(batches)).toEqual([{ 'a"b; DROP TABLE x --': 1, "it's": 2 }]);
  });

  it('keeps the order of its rows, and knows how many there are', async () => {
    const folder = await makeParquet('SELECT range AS n FROM range(300000)');
    const source = await findConnector('file')?.source?.open(
      contextOf(folder, 't.parquet', { type: record({ n: 'integer' }), rows: 250_000 }),
    );
    let next = 0;
    expect(source?.progress()).toEqual({ unit: 'messages', done: 0, total: 250_000 });
    for await (const batch of source?.read(new AbortController().signal) ?? []) {
      for (const value of messagesOf([batch])) expect((value as { n: number }).n === next++).toBe(true);
    }
    expect(next).toBe(250_000);
  });

  it.each([
    ['is cut off', (whole: Buffer) => whole.subarray(0, whole.length - 100)],
    ['is no Parquet', () => Buffer.from('{"a":1}\n'.repeat(100))],
    ['is empty', () => Buffer.alloc(0)],
    ['has a header alone', () => Buffer.from('PAR1')],
    ['claims a footer longer than itself', () => Buffer.from('PAR1xxxx\xff\xff\xff\x7fPAR1', 'latin1')],
    [
      'has a footer of noise',
      (whole: Buffer) => Buffer.from(whole).fill(0xa5, whole.length - 60, whole.length - 8),
    ],
  ])('is refused before the start when it %s', async (_, spoil) => {
    const folder = await makeParquet('SELECT range AS n FROM range(1000)');
    const path = join(folder, 't.parquet');
    await writeFile(path, spoil(await readFile(path)));
    const error = await check(contextOf(folder, 't.parquet', { type: record({ n: 'integer' }) }));
    expect(error.code).toBe('file-unreadable');
    expect(error.message).toMatch(/^t\.parquet cannot be read as Parquet: /);
    expect(error.message).not.toContain('/dev/fd');
  });

  it('fails with what DuckDB says where its data is spoiled', async () => {
    const folder = await makeParquet('SELECT range * 7919 % 1000003 AS n FROM range(300000)');
    const path = join(folder, 't.parquet');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(7, bytes.length >> 1, (bytes.length >> 1) + 500));
    const error = await failureOf(
      readFileSource(contextOf(folder, 't.parquet', { type: record({ n: 'integer' }) })),
    );
    expect(error.code).toBe('file-unreadable');
  });

  it('fails when the process that reads it is killed', async () => {
    const folder = await makeParquet('SELECT range AS n FROM range(2000000)');
    const source = await findConnector('file')?.source?.open(
      contextOf(folder, 't.parquet', { type: record({ n: 'integer' }) }),
    );
    const reading = (async () => {
      for await (const _ of source?.read(new AbortController().signal) ?? []) await signalReader('SIGKILL');
    })();
    const error = await failureOf(reading);
    expect(error.code).toBe('instance-died');
    expect(error.message).toContain('the process that reads t.parquet died (SIGKILL)');
  });

  it('is read on when the terminal interrupts all its processes, since the workflow says when to stop', async () => {
    const folder = await makeParquet('SELECT range AS n FROM range(500000)');
    const source = await findConnector('file')?.source?.open(
      contextOf(folder, 't.parquet', { type: record({ n: 'integer' }) }),
    );
    let count = 0;
    for await (const batch of source?.read(new AbortController().signal) ?? []) {
      if (count === 0)
        for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) await signalReader(signal);
      count += batch.count;
    }
    expect(count).toBe(500_000);
  });

  it('leaves no process behind when the one that reads from it is killed', async () => {
    const folder = await makeParquet('SELECT range AS n FROM range(2000000)');
    const program = new URL('./hold-parquet-open.ts', import.meta.url).pathname;
    const holder = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await once(holder.stdout, 'data');
    const reader = Number(String(said));
    expect(await isRunning(reader)).toBe(true);
    holder.kill('SIGKILL');
    await expect.poll(() => isRunning(reader), { timeout: 10_000 }).toBe(false);
  });

  it('is read in anything where anything is wanted', async () => {
    expect(messagesOf(await readParquet("SELECT 1 AS a, 'x' AS b", json))).toEqual([{ a: 1, b: 'x' }]);
  });

  it('rejects a row beyond the limit', async () => {
    const batches = await readParquet("SELECT repeat('x', 3000) AS a", record({ a: 'text' }), {
      messageLimit: 1000,
    });
    expect(rejectedOf(batches)[0]).toMatch(/^t.parquet:1: longer than the largest message/);
  });

  it('is read by the program that the package ships', async () => {
    expect((await readFile(join(packageRoot(), 'dist', 'duckdb-reader.mjs'), 'utf8')).length).toBeGreaterThan(
      0,
    );
  });
});

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return status !== undefined && !status.includes(') Z ');
}

/** Signals the reader of this test's file, if it still runs. */
async function signalReader(signal: NodeJS.Signals): Promise<void> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ').filter(Boolean)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('duckdb-reader')) process.kill(Number(pid), signal);
  }
}
