import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fromErrorMessage, NstackError, packageRoot } from '../../../core/index.ts';
import type { JournalAnswer, JournalRequest, JournalWorkerData } from './journal-messages.ts';

/** The worker thread of a journal, seen from the thread that uses it. */
export interface JournalThread {
  /** Resolves with the answer; rejects with NstackError where the file refused, or the thread is gone. */
  ask(request: JournalRequest, transfer?: readonly ArrayBuffer[]): Promise<unknown>;
}

/** The thread ends after it has answered `close`. */
export function startJournalThread(data: JournalWorkerData): JournalThread {
  const worker = new Worker(join(packageRoot(), 'dist', 'journal-worker.mjs'), {
    workerData: data,
    // Options of the program that this is are not the worker's.
    execArgv: [],
  });
  const asked: PromiseWithResolvers<unknown>[] = [];
  let gone: NstackError | undefined;

  function end(how: string, cause?: unknown): void {
    gone ??= new NstackError('defect', `the journal of ${data.workflow} ${how}: ${data.path}`, { cause });
    for (const { reject } of asked.splice(0)) reject(gone);
  }

  worker.on('message', (answer: JournalAnswer) => {
    const first = asked.shift();
    if (answer.kind === 'done') first?.resolve(answer.value);
    else first?.reject(fromErrorMessage(answer.error));
  });
  worker.once('error', (cause) => end('died', cause));
  worker.once('exit', () => end('is closed'));

  return {
    ask(request, transfer = []) {
      if (gone !== undefined) return Promise.reject(gone);
      const answer = Promise.withResolvers<unknown>();
      asked.push(answer);
      worker.postMessage(request, transfer);
      return answer.promise;
    },
  };
}
