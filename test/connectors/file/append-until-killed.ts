// A program: appends numbered lines through a durable file sink to the file of its first argument, and prints the number of each that was confirmed.
import { createDurableFileSink } from '../../../src/connectors/file/durable-file-sink.ts';

const [, , target = ''] = process.argv;
const sink = await createDurableFileSink(target, 'out.ndjson', { format: 'json' });
const filling = 'x'.repeat(20_000);

for (let n = 0; ; n++) {
  const items = Buffer.from(`[{"n":${n},"filling":"${filling}"}]`);
  await sink.write({ items, count: 1, starts: Int32Array.of(1), ends: Int32Array.of(items.length - 1) });
  process.stdout.write(`${n}\n`);
}
