import type { DeadLetter, Journal } from '../journal.ts';
import { type BatchBuilder, createBatchBuilder } from './journal-batch.ts';
import { startJournalThread } from './journal-thread.ts';

/** What gathers while the disk writes what came before it. */
interface Waiting {
  readonly batch: BatchBuilder;
  letters: number;
  readonly written: PromiseWithResolvers<void>;
}

/**
 * Opens the journal at `path`, made where there is none. Where the disk refuses, the promises of what was in that transaction reject with NstackError
 * `file-unwritable`, nothing of it has happened, and later calls try anew. Memory is bounded by the callers alone: what was given and is not resolved is held here, so who keeps
 * a letter waits for its promise before reading on without end.
 */
export async function createJournal(path: string, workflow: string): Promise<Journal> {
  const thread = startJournalThread({ path, workflow });
  let waiting: Waiting | undefined;
  let writing = false;
  let last = Promise.resolve();
  let count = 0;

  await thread.ask({ kind: 'open' }).catch(async (error: unknown) => {
    await thread.ask({ kind: 'close' }).catch(() => {});
    throw error;
  });

  /** While one transaction is under way all that comes goes in the next: the disk itself sets the pace. */
  function gather(): Waiting {
    if (waiting === undefined) {
      waiting = { batch: createBatchBuilder(), letters: 0, written: Promise.withResolvers() };
      if (!writing) {
        writing = true;
        queueMicrotask(() => {
          last = writeAll();
        });
      }
    }
    return waiting;
  }

  async function writeAll(): Promise<void> {
    while (waiting !== undefined) {
      const { batch, letters, written } = waiting;
      waiting = undefined;
      const built = batch.build();
      try {
        await thread.ask({ kind: 'write', batch: built }, letters === 0 ? [] : [built.payloads.buffer]);
        count += letters;
        written.resolve();
      } catch (error) {
        written.reject(error);
      }
    }
    writing = false;
  }

  /** Asks after all that was given before is written, or refused. */
  async function askAfter(request: Parameters<typeof thread.ask>[0]): Promise<unknown> {
    await waiting?.written.promise.catch(() => {});
    return thread.ask(request);
  }

  return {
    where: path,
    get count() {
      return count;
    },
    async keep(letter) {
      const into = gather();
      into.batch.keep(letter);
      into.letters++;
      return into.written.promise;
    },
    async commit(source, partition, position) {
      const into = gather();
      into.batch.commit(source, partition, position);
      return into.written.promise;
    },
    async drop(ids) {
      const into = gather();
      into.batch.drop(ids);
      return into.written.promise;
    },
    positions: async (source) => (await askAfter({ kind: 'positions', source })) as Record<string, unknown>,
    letters: async (ids) => (await askAfter({ kind: 'letters', ids })) as KeptLetter[],
    lastId: async () => (await askAfter({ kind: 'last-id' })) as number,
    page: async (after, most) => (await askAfter({ kind: 'page', after, most })) as KeptLetter[],
    async close() {
      await waiting?.written.promise.catch(() => {});
      await last;
      await thread.ask({ kind: 'close' }).catch(() => {});
    },
  };
}

type KeptLetter = DeadLetter & { readonly id: number };
