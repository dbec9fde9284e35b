import { type FileHandle, open } from 'node:fs/promises';
import { NstackError } from '../../core/index.ts';
import { describe } from './describe.ts';
import type { DeadLetter, DeadLetterKeeper } from './journal.ts';

/**
 * Keeps dead letters in a file that comes to be with the first, for a run that remembers nothing else. A line is a letter as JSON; docs/workflows.md
 * describes it.
 */
export function createDeadLetterFile(path: string, workflow: string): DeadLetterKeeper {
  let handle: FileHandle | undefined;
  let waiting: string[] = [];
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  let count = 0;

  // One write and one sync take all the letters that came while the last ones were under way.
  async function writeWaiting(): Promise<void> {
    next = undefined;
    const lines = waiting;
    waiting = [];
    try {
      handle ??= await open(path, 'a', 0o600);
      await handle.appendFile(lines.join(''));
      await handle.datasync();
    } catch (cause) {
      throw new NstackError('file-unwritable', `dead letters cannot be kept in ${path}: ${describe(cause)}`, {
        hint: 'Name another file with --dead-letters.',
        cause,
      });
    }
  }

  return {
    where: path,
    get count() {
      return count;
    },
    keep(letter) {
      count++;
      waiting.push(`${printLetter(letter, workflow)}\n`);
      if (next === undefined) {
        next = last.then(writeWaiting);
        last = next;
        last.catch(() => {});
      }
      return next;
    },
    async close() {
      await last.catch(() => {});
      await handle?.close();
      handle = undefined;
    },
  };
}

/** The payload is put in as it stands, so that no number or key order changes on its way to the file. */
function printLetter(letter: DeadLetter, workflow: string): string {
  const { stage, error, attempts, place, payload, json } = letter;
  const head = JSON.stringify({ at: new Date().toISOString(), workflow, stage, attempts, place, error });
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const message = json
    ? `"message":${bytes.toString('utf8')}`
    : `"message_base64":${JSON.stringify(bytes.toString('base64'))}`;
  return `${head.slice(0, -1)},${message}}`;
}
