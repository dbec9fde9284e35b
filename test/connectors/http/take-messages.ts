// A program: an HTTP source with the parameters and context of its first argument, as JSON. Prints where it listens, and each message that it reads; commits as it is told.

import { openHttpSource } from '../../../src/connectors/http/open-http-source.ts';
import type { OpenContext } from '../../../src/connectors/index.ts';

const { commit, ...context } = JSON.parse(process.argv[2] ?? '{}') as OpenContext & {
  readonly commit: boolean;
};
const print = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
/** Of a long text, its length is printed. */
const isLong = (message: unknown): message is string => typeof message === 'string' && message.length > 1_000;
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());

try {
  const source = await openHttpSource({ ...context, log: (said) => print({ said }) });
  for await (const { items, position } of source.read(abort.signal)) {
    const messages = JSON.parse(`[${Buffer.concat(items).toString()}]`) as unknown[];
    print({ messages: messages.map((message) => (isLong(message) ? message.length : message)) });
    if (commit) await source.commit(position, '');
  }
  await source.close();
  print({ over: true });
} catch (error) {
  print({ failed: String(error) });
  process.exitCode = 1;
}
