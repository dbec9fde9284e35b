import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { compileValidator } from '../../types/index.ts';
import type { OpenContext, Source, SourceBatch } from '../connector.ts';
import { skipByteOrderMark } from '../records/byte-order-mark.ts';
import { fileError } from '../records/file-error.ts';
import { createLineFormat } from '../records/line-format.ts';
import { passOver } from '../records/pass-over.ts';
import { printToStderr } from '../records/print-to-stderr.ts';
import { firstRecord, type RecordPosition, readRecords, recordPosition } from '../records/read-records.ts';
import { createLineSplitter } from '../records/record-splitter.ts';
import { type FileIdentity, identify, openIdentified } from './file-identity.ts';
import { createTailInput, type TailInput, watchFile } from './tail-input.ts';

interface FollowPosition extends RecordPosition {
  readonly file: FileIdentity;
}

/**
 * A source of the lines of a file that grows, as `tail -F` reads it: a file that is renamed is read to its end, and then the one that has its
 * name. It never ends by itself. A position names its file, so that one which was renamed meanwhile is found again.
 */
export function createFollowSource(path: string, shown: string, context: OpenContext): Source {
  const { log = printToStderr, rows = Number.POSITIVE_INFINITY } = context;
  const name = basename(path);
  const validator = compileValidator(context.type, 'input');
  let taken = 0;
  let closed = false;
  let stopWaiting = () => {};
  let input: TailInput | undefined;

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    const stop = () => void close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) return;
      let begin = await beginning();
      while (!closed && taken < rows) {
        const handle = begin?.handle ?? (await openNamed());
        if (handle === undefined) return;
        const tail = createTailInput(handle, path, shown);
        input = tail;
        yield* readFile(handle, tail, begin?.from ?? firstRecord);
        await tail.close();
        if (tail.ending === 'cut') log(`${shown} was cut: reading goes on at its beginning`);
        begin = undefined;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await close();
    }
  }

  /** Where an earlier run stood; undefined: at the beginning of the file that has the name. */
  async function beginning(): Promise<{ handle: FileHandle; from: RecordPosition } | undefined> {
    const position = context.positions?.[''] as FollowPosition | undefined;
    if (position?.file === undefined) return undefined;
    const handle = await openIdentified(path, position.file);
    if (handle !== undefined && (await handle.stat()).size >= position.bytes - 1)
      return { handle, from: recordPosition(position) };
    await handle?.close();
    log(
      `${shown}: the file that was read up to byte ${position.bytes} is gone; reading begins with the new one`,
    );
    return undefined;
  }

  /** Waits until there is a file of that name. */
  async function openNamed(): Promise<FileHandle | undefined> {
    const changes = watchFile(path);
    stopWaiting = () => changes.close();
    let told = false;
    try {
      while (!closed) {
        try {
          return await open(path, 'r');
        } catch (error) {
          if (!isMissing(error)) throw fileError(error, 'read', shown);
        }
        if (!told) log(`${shown} is not there: waiting for it`);
        told = true;
        await changes.next();
      }
      return undefined;
    } finally {
      changes.close();
    }
  }

  async function* readFile(
    handle: FileHandle,
    tail: TailInput,
    from: RecordPosition,
  ): AsyncGenerator<SourceBatch, void, undefined> {
    const whole = context.format === 'bytes' ? tail : skipByteOrderMark(tail);
    let file: FileIdentity | undefined;
    const batches = readRecords(passOver(whole, from.bytes, shown).chunks(), {
      format: createLineFormat(context.format, validator),
      splitter: createLineSplitter(),
      name,
      limit: context.messageLimit,
      rows: rows - taken,
      linesBefore: 0,
      from,
    });
    for await (const batch of batches) {
      // What a closed input ends with is half a line.
      if (closed) return;
      const position = batch.position as RecordPosition;
      file ??= await identify(handle, position.bytes - 1);
      taken += batch.count + batch.rejected.length;
      yield { ...batch, position: { ...position, file } satisfies FollowPosition };
    }
  }

  async function close(): Promise<void> {
    closed = true;
    stopWaiting();
    await input?.close();
  }

  return {
    read,
    async commit() {},
    close,
    progress: () => ({
      unit: 'messages',
      done: taken,
      total: rows === Number.POSITIVE_INFINITY ? undefined : rows,
    }),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
