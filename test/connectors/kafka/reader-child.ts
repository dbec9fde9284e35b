import { messagesOf } from '../support.ts';
import { openSource } from './kafka-support.ts';

/** A process that reads and commits, and prints each message on a line: `node reader-child.ts CONTEXT`, an OpenContext as JSON. */
const source = await openSource(JSON.parse(process.argv[2] ?? ''));
for await (const batch of source.read(new AbortController().signal)) {
  await source.commit(batch.position, batch.partition ?? '');
  for (const message of messagesOf([batch])) console.log(JSON.stringify(message));
}
