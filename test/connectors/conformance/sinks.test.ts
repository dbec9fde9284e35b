import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll } from 'vitest';
import {
  type Connector,
  type Format,
  findConnector,
  type OpenContext,
} from '../../../src/connectors/index.ts';
import { createStdoutConnector } from '../../../src/connectors/stdout/stdout.ts';
import { describeSink } from './sink-conformance.ts';

let folder = '';
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-sinks-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function open(connector: Connector | undefined, format: Format, more: Partial<OpenContext> = {}) {
  const sink = await connector?.sink?.open({
    parameters: {},
    type: { kind: 'json' },
    format,
    folder,
    messageLimit: 1024 * 1024,
    workflow: 'test',
    durable: false,
    ...more,
  });
  if (sink === undefined) throw new Error('no such sink');
  return sink;
}

describeSink({
  name: 'file',
  whole: true,
  async open(format) {
    const path = `${made++}/out.ndjson`;
    const sink = await open(findConnector('file'), format, { parameters: { path } });
    return {
      sink,
      async output() {
        const [name] = await readdir(join(folder, path, '..'));
        return name === undefined ? undefined : readFile(join(folder, path, '..', name), 'utf8');
      },
    };
  },
});

describeSink({
  name: 'stdout',
  whole: false,
  async open(format) {
    const written: Buffer[] = [];
    const slow = new Writable({
      highWaterMark: 1024,
      write(bytes: Buffer, _encoding, callback) {
        setImmediate(() => {
          written.push(Buffer.from(bytes));
          callback();
        });
      },
    });
    const sink = await open(
      createStdoutConnector(() => slow),
      format,
    );
    return { sink, output: async () => Buffer.concat(written).toString('utf8') };
  },
});

describeSink({
  name: 'log',
  whole: false,
  async open(format) {
    const lines: string[] = [];
    const sink = await open(findConnector('log'), format, { log: (line) => lines.push(line) });
    return { sink, output: async () => lines.map((line) => `${line}\n`).join('') };
  },
});
