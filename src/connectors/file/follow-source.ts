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

interface Beginning {
  readonly handle: FileHandle;
  readonly from: RecordPosition;
}

/**
 * A source of the lines of a file that grows, as `tail -F` reads it: a file that is renamed is read to its end, and then the one that has its
 * name. One that was cut is read from its beginning, unless only a line was cut that was not whole. It never ends by itself. A position names its file, so that one which was renamed meanwhile is found again.
 */
export function createFollowSource(path: string, shown: string, context: OpenContext): Source {
  const { log = printToStderr, rows = Number.POSITIVE_INFINITY } = context;
  const name = basename(path);
  const validator = compileValidator(context.type, 'input');
  let taken = 0;
  let closed = false;
  let stopWaiting = () => {};
  let input: TailInput | undefined;
  /** Behind the last record that was read of the file which is read now. */
  let stood = context.positions?.[''] as FollowPosition | undefined;

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
        begin = tail.ending === 'cut' ? await behindCut() : undefined;
        if (begin === undefined) stood = undefined;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await close();
    }
  }

  /** Where an earlier run stood; undefined: at the beginning of the file that has the name. */
  async function beginning(): Promise<Beginning | undefined> {
    if (stood?.file === undefined) return undefined;
    // Its last line may have had no line feed.
    const begin = await standing(stood, stood.bytes - 1);
    if (begin === undefined)
      log(
        `${shown}: the file that was read up to byte ${stood.bytes} is gone; reading begins with the new one`,
      );
    return begin;
  }

  /** A program that died within a line, as one that writes files for nstack may, has that line cut off when it begins again: those before it are as they were. */
  async function behindCut(): Promise<Beginning | undefined> {
    const begin = stood?.file === undefined ? undefined : await standing(stood, stood.bytes);
    log(
      begin === undefined
        ? `${shown} was cut: reading goes on at its beginning`
        : `${shown} was cut within its last line: reading goes on behind those before it`,
    );
    return begin;
  }

  /** Undefined where the file of a position is gone, or has fewer bytes than these. */
  async function standing(position: FollowPosition, least: number): Promise<Beginning | undefined> {
    const handle = await openIdentified(path, position.file);
    if (handle !== undefined && (await handle.stat()).size >= least)
      return { handle, from: recordPosition(position) };
    await handle?.close();
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
      // What an input ends with that is closed, or was cut, is half a line.
      if (closed || tail.ending === 'cut') return;
      const position = batch.position as RecordPosition;
      file ??= await identify(handle, position.bytes - 1);
      taken += batch.count + batch.rejected.length;
      stood = { ...position, file };
      yield { ...batch, position: stood };
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
