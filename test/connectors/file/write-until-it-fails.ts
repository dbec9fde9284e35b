// A program: writes messages through a file sink in the folder of its first argument, and prints what the sink says in the end.
import { createFileSink } from '../../../src/connectors/file/file-sink.ts';

const [, , folder = '.'] = process.argv;
const sink = await createFileSink(`${folder}/out.ndjson`, 'out.ndjson', 'json');
const message = `"${'x'.repeat(100_000)}"`;
try {
  for (let count = 0; count < 100; count++) {
    const items = Buffer.from(`[${message}]`);
    await sink.write({ items, count: 1, starts: Int32Array.of(1), ends: Int32Array.of(items.length - 1) });
  }
  console.log('nothing');
} catch (error) {
  console.log(String(error));
}
await sink.abandon();
