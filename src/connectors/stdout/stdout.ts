import type { Writable } from 'node:stream';
import type { Connector } from '../connector.ts';

/** One line a message on standard output. `output` is passed in by tests alone. */
export function createStdoutConnector(output: () => Writable = () => process.stdout): Connector {
  return {
    name: 'stdout',
    aliases: [],
    sink: {
      schema: { type: 'object', properties: {}, additionalProperties: false },
      short: '',
      async check() {},
      async open({ format }) {
        const { createStreamSink } = await import('../records/stream-sink.ts');
        return createStreamSink(output(), format, 'stdout');
      },
    },
  };
}
