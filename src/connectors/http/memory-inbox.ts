import type { SourceBatch } from '../connector.ts';
import { createJsonFormat } from '../records/json-format.ts';
import type { Inbox, Letter } from './inbox.ts';

const fullBatch = { messages: 256, bytes: 64 * 1024 };
const comma = Buffer.of(0x2c);
/** Bytes that wait to be handed out before a request with many messages is read no further, and before single ones are turned away. */
const room = { many: 1024 * 1024, single: 64 * 1024 * 1024 };

interface Waiting {
  readonly letter: Letter;
  readonly bytes: number;
  resolve(how: 'taken' | 'ended'): void;
}

interface Given {
  /** Messages handed out up to the end of this letter. */
  readonly upTo: number;
  resolve(how: 'taken' | 'ended'): void;
}

/** Letters in memory: one is taken when the workflow has committed it, so that who sent it keeps it until then. */
export function createMemoryInbox(rows: number): Inbox {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let given: Given[] = [];
  let promised = 0;
  let done = 0;
  let ended = false;
  let wakeReader = () => {};
  let wakeWriters: (() => void)[] = [];

  /** Letters for one batch; at least one, and no more than makes it full. */
  function takeLetters(): Waiting[] {
    let messages = 0;
    let bytes = 0;
    let count = 0;
    for (const { letter, bytes: more } of waiting) {
      if (count > 0 && (messages + letter.count > fullBatch.messages || bytes + more > fullBatch.bytes))
        break;
      messages += letter.count;
      bytes += more;
      count++;
    }
    waitingBytes -= bytes;
    const taken = waiting.slice(0, count);
    waiting = count === waiting.length ? [] : waiting.slice(count);
    return taken;
  }

  async function* batches(): AsyncGenerator<SourceBatch, void, undefined> {
    while (!ended && done < rows) {
      if (waiting.length === 0) {
        // A letter that would have been too many was the last.
        if (promised >= rows) return;
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
        continue;
      }
      const letters = takeLetters();
      let count = 0;
      for (const { letter, resolve } of letters) {
        count += letter.count;
        given.push({ upTo: done + count, resolve });
      }
      done += count;
      for (const wake of wakeWriters) wake();
      wakeWriters = [];
      yield { items: [joined(letters)], count, rejected: [], position: { records: done } };
    }
  }

  return {
    put: (letter) =>
      new Promise((resolve) => {
        if (ended || promised + letter.count > rows) {
          promised = rows;
          wakeReader();
          return resolve('ended');
        }
        promised += letter.count;
        const bytes = letter.items.reduce((sum, { length }) => sum + length, 0);
        waiting.push({ letter, bytes, resolve });
        waitingBytes += bytes;
        wakeReader();
      }),
    room: async () => {
      while (waitingBytes > room.many && !ended)
        await new Promise<void>((resolve) => wakeWriters.push(resolve));
    },
    get isFull() {
      return waitingBytes > room.single;
    },
    format: createJsonFormat,
    batches,
    async commit(position) {
      const { records } = position as { readonly records: number };
      const open = given.findIndex(({ upTo }) => upTo > records);
      const settled = open < 0 ? given : given.slice(0, open);
      given = open < 0 ? [] : given.slice(open);
      for (const { resolve } of settled) resolve('taken');
    },
    end() {
      ended = true;
      for (const { resolve } of waiting) resolve('ended');
      waiting = [];
      for (const wake of [wakeReader, ...wakeWriters]) wake();
    },
    async close() {
      for (const { resolve } of given) resolve('ended');
      given = [];
    },
    get done() {
      return done;
    },
  };
}

/** The letters' messages with commas between them, in bytes of the batch's own. */
function joined(letters: readonly Waiting[]): Uint8Array {
  const pieces = letters.flatMap(({ letter }) => [comma, ...letter.items]);
  const [, only] = pieces;
  // What a request's body was read into is nobody else's.
  return pieces.length === 2 && only !== undefined ? only : Buffer.concat(pieces.slice(1));
}
