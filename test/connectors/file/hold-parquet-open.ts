// A program: reads one batch of t.parquet in the folder of its first argument, prints the reader's process id, and reads no more.
import { readFileSync } from 'node:fs';
import { findConnector } from '../../../src/connectors/index.ts';

const source = await findConnector('file')?.source?.open({
  parameters: { path: 't.parquet' },
  type: { kind: 'json' },
  format: 'json',
  folder: process.argv[2] ?? '.',
  messageLimit: 1024 * 1024,
  workflow: 'test',
  durable: false,
});
await source?.read(new AbortController().signal)[Symbol.asyncIterator]().next();
console.log(readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim());
setInterval(() => {}, 60_000);
