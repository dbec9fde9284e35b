import type { OpenContext, Sink } from '../connector.ts';
import { openLineAppender } from '../records/line-appender.ts';
import { linesOf } from '../records/lines-of.ts';
import { printToStderr } from '../records/print-to-stderr.ts';

/** Milliseconds, the time of a few blocks: where messages come in blocks, those of several share a write and a sync; single ones go at once. */
const rest = 30;

/**
 * Lines at the end of a file that a workflow writes to over its whole life, crashes among it. A write is confirmed when its lines are on the
 * disk; a full disk is waited for.
 */
export async function createDurableFileSink(
  target: string,
  shown: string,
  { format, log = printToStderr }: Pick<OpenContext, 'format' | 'log'>,
): Promise<Sink> {
  const appender = await openLineAppender(target, { shown, whenFull: 'wait', log, rest });
  return {
    where: shown,
    async write(batch) {
      if (batch.count > 0) await appender.append(linesOf(batch, format));
      return [];
    },
    finish: () => appender.close(),
    abandon: () => appender.abandon(),
  };
}
