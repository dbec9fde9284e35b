import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeadLetterInfo } from '../../../workflow/index.ts';
import { isBusy, sqliteError } from '../../state/sqlite-error.ts';
import { type JournalFile, openJournalFile, type StoredLetter } from './journal-file.ts';

/**
 * The dead letters of a workflow, for another process than its data path, which may write at the same time. A journal that is not there holds none. Methods throw
 * NstackError: `file-unreadable` where the file is broken, `file-unwritable` where the disk refuses.
 */
export interface JournalReader {
  /** Ascending, from the first with an id above `after`. Fewer than `most` where they are large (16 MiB in all); none where there are no more. */
  list(after: number, most: number): Promise<readonly DeadLetterInfo[]>;
  get(id: number): Promise<DeadLetterInfo | undefined>;
  /** Forgets letters; undefined: all that are there now. Answers how many there were. */
  drop(ids: readonly number[] | undefined): Promise<number>;
  /** Has the sources begin anew. For a workflow that does not run. */
  forgetPositions(): Promise<void>;
  /** How many are kept. Some microseconds, however many. Never throws: what was known last, where the file cannot be read now. */
  count(): number;
  /** To be called before the file is removed. */
  close(): void;
}

/** Milliseconds to wait in all for a transaction of the data path, and between two looks. This thread has other things to do: it never waits inside SQLite. */
const patience = 10_000;
const betweenLooks = 2;

const mostBytes = 16 * 1024 * 1024;
const lettersAtOnce = 1_000;
const pagesAtOnce = 1_000;

/** The file is opened when it is there and asked for, and stays open. */
export function readJournal(path: string, workflow: string): JournalReader {
  let file: JournalFile | undefined;
  let lastCount = 0;

  function open(): JournalFile | undefined {
    if (file === undefined && isThere(path)) file = openJournalFile(path, workflow, 0);
    return file;
  }

  async function patiently<T>(without: T, work: (opened: JournalFile) => T): Promise<T> {
    const end = Date.now() + patience;
    for (;;) {
      try {
        const opened = open();
        return opened === undefined ? without : work(opened);
      } catch (error) {
        if (!isBusy(error) || Date.now() > end) throw sqliteError(`the journal of ${workflow}`, path, error);
      }
      await pause(betweenLooks);
    }
  }

  async function dropAll(): Promise<number> {
    const last = await patiently(0, (opened) => opened.lastId());
    let dropped = 0;
    for (let step = -1; step !== 0; dropped += step) {
      step = await patiently(0, (opened) => opened.dropUpTo(last, lettersAtOnce));
    }
    return dropped;
  }

  async function dropEach(ids: readonly number[]): Promise<number> {
    let dropped = 0;
    for (let start = 0; start < ids.length; start += lettersAtOnce) {
      const some = ids.slice(start, start + lettersAtOnce);
      dropped += await patiently(0, (opened) => opened.drop(some));
    }
    return dropped;
  }

  return {
    async list(after, most) {
      const letters = await patiently([], (opened) => opened.letters(after, most, mostBytes));
      return letters.map((letter) => inWords(letter, workflow));
    },
    async get(id) {
      const letter = await patiently(undefined, (opened) => opened.letter(id));
      return letter === undefined ? undefined : inWords(letter, workflow);
    },
    async drop(ids) {
      const dropped = ids === undefined ? await dropAll() : await dropEach(ids);
      // Room that is not given back now is used by letters that come, or given back later.
      while (
        dropped > 0 &&
        (await patiently(false, (opened) => opened.shrink(pagesAtOnce)).catch(() => false))
      );
      return dropped;
    },
    forgetPositions: () => patiently(undefined, (opened) => opened.forgetPositions()),
    count() {
      try {
        lastCount = open()?.count() ?? 0;
      } catch {
        // It is being made, or broken: one workflow's file must not hide all the others from a list.
      }
      return lastCount;
    },
    close() {
      file?.close();
      file = undefined;
    },
  };
}

/** An empty file is about to become a journal. */
function isThere(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function inWords(letter: StoredLetter, workflow: string): DeadLetterInfo {
  const { id, at, stage, attempts, place, error, json, payload } = letter;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return {
    id,
    workflow,
    at: new Date(at).toISOString(),
    stage,
    attempts,
    ...(place === undefined ? {} : { place }),
    error,
    message: json ? { json: bytes.toString('utf8') } : { base64: bytes.toString('base64') },
  };
}
