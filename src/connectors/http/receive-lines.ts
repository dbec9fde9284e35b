import type { IncomingMessage } from 'node:http';
import type { Validator } from '../../types/index.ts';
import { type RecordPosition, readRecords } from '../records/read-records.ts';
import { createLineSplitter } from '../records/record-splitter.ts';
import type { Inbox } from './inbox.ts';
import { within } from './within.ts';

/** Reasons that an answer lists; it counts all. */
const mostFaults = 100;

export interface LinesTaken {
  readonly accepted: number;
  readonly rejected: number;
  readonly faults: readonly { readonly line: number; readonly error: string }[];
  /** Lines from the first on that are accepted or rejected: a client whose body was cut goes on behind them. */
  readonly lines: number;
  /** Why it was not all: the source ended, the client was too slow or went, or the workflow has not confirmed all in time. */
  readonly cut?: 'ended' | 'slow' | 'gone' | 'late';
}

export interface LinesOptions {
  readonly inbox: Inbox;
  readonly validator: Validator;
  readonly limit: number;
  /** Longest pause between two pieces of the body, in milliseconds. */
  readonly timeout: number;
}

/**
 * Takes a body of many messages, a line each, while it comes; it is read no faster than the workflow takes it. Resolves when what fits is in safety. What
 * does not fit is the client's to mend.
 */
export async function receiveLines(request: IncomingMessage, options: LinesOptions): Promise<LinesTaken> {
  const { inbox, limit, timeout } = options;
  const faults: { line: number; error: string }[] = [];
  const letters: Promise<void>[] = [];
  let accepted = 0;
  let rejected = 0;
  let lines = 0;
  let cut: LinesTaken['cut'];
  const records = readRecords(
    chunksOf(request, timeout, (why) => {
      cut ??= why;
    }),
    {
      format: inbox.format(options.validator),
      splitter: createLineSplitter(),
      name: 'line',
      limit,
      rows: Number.POSITIVE_INFINITY,
      linesBefore: 0,
    },
  );
  for await (const batch of records) {
    // The last line of a body that broke off may be half of one.
    if (cut !== undefined) break;
    for (const { place, message } of batch.rejected) {
      rejected++;
      if (faults.length < mostFaults)
        faults.push({ line: Number(place.slice('line:'.length)), error: message });
    }
    if (batch.count === 0) continue;
    await inbox.room();
    const letter = { items: batch.items, count: batch.count };
    letters.push(
      inbox.put(letter).then((how) => {
        if (how === 'ended') {
          cut ??= 'ended';
          return;
        }
        lines = Math.max(lines, (batch.position as RecordPosition).lines);
        accepted += batch.count;
      }),
    );
    letters.at(-1)?.catch(() => {});
    if (cut !== undefined) break;
  }
  if ((await within(timeout, Promise.all(letters))) === 'late') cut = 'late';
  return { accepted, rejected, faults, lines, ...(cut === undefined ? {} : { cut }) };
}

/** The body, until it ends or nothing comes for a while. A pause of the reader is no pause of the client. */
async function* chunksOf(
  request: IncomingMessage,
  timeout: number,
  onCut: (why: 'slow' | 'gone') => void,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = request[Symbol.asyncIterator]();
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const slow = new Promise<'slow'>((resolve) => {
      timer = setTimeout(resolve, timeout, 'slow');
    });
    const next = await Promise.race([chunks.next(), slow]).catch(() => 'gone' as const);
    clearTimeout(timer);
    if (typeof next === 'string') return onCut(next);
    if (next.done === true) return;
    yield next.value as Buffer;
  }
}
