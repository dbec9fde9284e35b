import type { Connector } from '../connector.ts';

/** Each message as a line of the log, for people. */
export const log: Connector = {
  name: 'log',
  aliases: [],
  sink: {
    schema: { type: 'object', properties: {}, additionalProperties: false },
    short: '',
    async check() {},
    async open({ format, log: print = printToStderr }) {
      const { linesOf } = await import('../records/lines-of.ts');
      return {
        where: 'log',
        async write(batch) {
          const lines = Buffer.from(linesOf(batch, format)).toString('utf8');
          for (const line of lines.split('\n').slice(0, -1)) print(line);
          return [];
        },
        async finish() {},
        async abandon() {},
      };
    },
  },
};

function printToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
