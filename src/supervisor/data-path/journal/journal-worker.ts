import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../../../core/index.ts';
import { isFull, sqliteError } from '../../state/sqlite-error.ts';
import { type JournalFile, openJournalFile } from './journal-file.ts';
import type { JournalAnswer, JournalRequest, JournalWorkerData } from './journal-messages.ts';

/*
 * The program of a worker thread: the only one that waits for the journal's disk. A disk that failed may be whole again at the next request, so the file is then opened
 * anew: what SQLite thought of it is forgotten too. On a full disk it stays open, as it can still be read.
 */

/** Milliseconds to wait while the supervisor forgets letters. */
const patience = 10_000;
const mostBytesOfPage = 16 * 1024 * 1024;
const pagesAtOnce = 1_000;

const { path, workflow } = workerData as JournalWorkerData;
let file: JournalFile | undefined;

parentPort?.on('message', (request: JournalRequest) => {
  parentPort?.postMessage(answer(request));
  if (request.kind === 'close') parentPort?.close();
  if (request.kind === 'write' && request.batch.dropped.length > 0) shrink();
});

function answer(request: JournalRequest): JournalAnswer {
  try {
    file ??= openJournalFile(path, workflow, patience);
    return { kind: 'done', value: work(file, request) };
  } catch (error) {
    if (!isFull(error)) closeFile();
    return { kind: 'failed', error: toErrorMessage(sqliteError(`the journal of ${workflow}`, path, error)) };
  }
}

function work(opened: JournalFile, request: JournalRequest): unknown {
  switch (request.kind) {
    case 'open':
      return;
    case 'write':
      return opened.write(request.batch);
    case 'positions':
      return opened.positions(request.source);
    case 'letters':
      return [...new Set(request.ids)].sort((a, b) => a - b).flatMap((id) => opened.letter(id) ?? []);
    case 'last-id':
      return opened.lastId();
    case 'page':
      return opened.letters(request.after, request.most, mostBytesOfPage);
    case 'close':
      return closeFile();
  }
}

/** What letters leave behind goes back to the disk in steps, so that a write waits for one at the most. */
function shrink(): void {
  try {
    if (file?.shrink(pagesAtOnce) === true) setImmediate(shrink);
  } catch {
    // The next drop tries again.
  }
}

function closeFile(): void {
  const closing = file;
  file = undefined;
  try {
    closing?.close();
  } catch {
    // All that was answered is on the disk.
  }
}
