/*
 * Messages a second and CPU a message of source and sink alone, no stage between them: NDJSON file to NDJSON file beside `cat` of the same
 * file in the same run, and Parquet to NDJSON. CPU is that of all processes that took part.
 *
 *     node bench/connectors.ts [messages]
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { findConnector, type OpenContext, type SourceBatch } from '../src/connectors/index.ts';
import { packageRoot } from '../src/core/index.ts';
import { compileValidator, type Type } from '../src/types/index.ts';

const messages = Number(process.argv[2] ?? 2_000_000);
const folder = await mkdtemp(join(tmpdir(), 'nstack-bench-'));
const parquet = join(packageRoot(), 'node_modules/vega-datasets/data/flights-3m.parquet');

const flight: Type = {
  kind: 'record',
  fields: [
    { name: 'date', type: { kind: 'timestamp' } },
    { name: 'delay', type: { kind: 'integer' } },
    { name: 'distance', type: { kind: 'integer' } },
    { name: 'origin', type: { kind: 'text' } },
    { name: 'destination', type: { kind: 'text' } },
  ],
};

interface Measure {
  readonly seconds: number;
  /** CPU seconds of this process and its children. */
  readonly cpu: number;
}

try {
  await writeFlights(join(folder, 'in.ndjson'), messages);
  const bytes = (await stat(join(folder, 'in.ndjson'))).size;
  console.log(`${messages} messages of ${(bytes / messages).toFixed(0)} bytes`);
  await warmUp();
  const copy = 'cat in.ndjson > cat.ndjson';
  const cat = await measure(() => execFileSync('sh', ['-c', copy], { cwd: folder }));
  report('cat file > file', cat);
  const source = await measure(() => carry('in.ndjson', 'nothing'));
  report('NDJSON file -> nothing', source);
  const bounds = await measure(() => carry('in.ndjson', 'bounds'));
  const whole = await measure(() => carry('in.ndjson', 'out.ndjson'));
  report('NDJSON file -> NDJSON file', whole);
  report('Parquet -> nothing', await measure(() => carry(parquet, 'nothing')));
  report('Parquet -> NDJSON file', await measure(() => carry(parquet, 'rows.ndjson')));
  execFileSync('cmp', ['in.ndjson', 'out.ndjson'], { cwd: folder });
  // The bounds of results are found where a stage's answer is checked: they are no cost of a connector.
  const own = { ...whole, cpu: source.cpu + whole.cpu - bounds.cpu };
  console.log(
    `source and sink alone: ${microseconds(own)}, ${(own.cpu / cat.cpu).toFixed(1)} times that of cat`,
  );
} finally {
  await rm(folder, { recursive: true });
}

async function warmUp(): Promise<void> {
  for (let count = 0; count < 2; count++) await carry('in.ndjson', 'warm.ndjson', 200_000);
}

async function carry(path: string, target: string, rows = messages): Promise<void> {
  const file = findConnector('file');
  const source = await file?.source?.open(contextOf(path, rows));
  const sink = target.endsWith('.ndjson') ? await file?.sink?.open(contextOf(target, rows)) : undefined;
  const scanner = compileValidator(flight, 'input');
  let count = 0;
  for await (const batch of source?.read(new AbortController().signal) ?? []) {
    count += batch.count;
    if (target === 'nothing') continue;
    const results = boundsOf(batch, scanner.scanArray);
    await sink?.write(results);
  }
  await sink?.finish('complete');
  if (count !== rows) throw new Error(`${count} of ${rows} messages arrived`);
}

/** What a last stage would hand over. */
function boundsOf({ items, count }: SourceBatch, scan: ReturnType<typeof compileValidator>['scanArray']) {
  const text = Buffer.concat([Buffer.from('['), ...items, Buffer.from(']')]);
  const bounds = scan(text, 0, text.length);
  if ('kind' in bounds || bounds.count !== count) throw new Error('the batch is not the messages it counts');
  return { items: text, count, starts: bounds.starts, ends: bounds.ends };
}

function contextOf(path: string, rows: number): OpenContext {
  const limits = { messageLimit: 16 * 1024 * 1024, rows };
  return {
    parameters: { path },
    type: flight,
    format: 'json',
    folder,
    workflow: 'bench',
    durable: false,
    ...limits,
  };
}

async function measure(work: () => unknown): Promise<Measure> {
  const began = performance.now();
  const before = cpuSeconds();
  await work();
  return { seconds: (performance.now() - began) / 1000, cpu: cpuSeconds() - before };
}

/** User and system time of this process and of the children it has waited for, in ticks of 10 ms (proc(5)). */
function cpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / 100;
}

function report(what: string, measured: Measure): void {
  const rate = Math.round(messages / measured.seconds).toLocaleString('en');
  console.log(`${what.padEnd(28)} ${rate.padStart(12)} messages/s, ${microseconds(measured)}`);
}

function microseconds({ cpu }: Measure): string {
  return `${((cpu / messages) * 1e6).toFixed(3)} microseconds of CPU a message`;
}

async function writeFlights(path: string, count: number): Promise<void> {
  const output = createWriteStream(path);
  for (let at = 0; at < count; at += 10_000) {
    let lines = '';
    for (let n = at; n < Math.min(at + 10_000, count); n++) {
      const date = new Date(Date.UTC(2001, 0, 1, 0, n)).toISOString();
      const origin = `K${(n * 7919) % 997}`;
      lines += `{"date":"${date}","delay":${(n % 2000) - 300},"distance":${n % 5000},"origin":"${origin}","destination":"Aéroport ${n % 83}","carrier":"UA","tail":"N${n % 9973}"}\n`;
    }
    if (!output.write(lines)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
}
