import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ByteInput } from '../records/byte-input.ts';
import { fileError } from '../records/file-error.ts';
import { inodeOf } from './file-identity.ts';

const chunkBytes = 64 * 1024;
/** What is smaller is copied, so that a slow writer's lines do not hold a whole chunk each. */
const smallRead = 16 * 1024;
/** How often a file is looked at where the system does not tell of changes, as on a network file system. */
const lookEvery = 1_000;

export interface TailInput extends ByteInput {
  /** Why the chunks ended: the name means another file now, or this one was cut. Undefined: it was closed. */
  readonly ending: 'replaced' | 'cut' | undefined;
}

/**
 * Reads a file and waits for more at its end. When its name means another file, it is read on until nothing has come for a second, since who wrote
 * to it may need a moment to notice. It owns the handle.
 */
export function createTailInput(handle: FileHandle, path: string, shown: string): TailInput {
  const changes = watchFile(path);
  let done = 0;
  let closed = false;
  let ending: TailInput['ending'];
  let closing: Promise<void> | undefined;

  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    const inode = await inodeOf(handle);
    let wasReplaced = false;
    let buffer = Buffer.allocUnsafeSlow(chunkBytes);
    while (!closed) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, done);
      if (closed) return;
      if (bytesRead > 0) {
        wasReplaced = false;
        done += bytesRead;
        if (bytesRead < smallRead) {
          yield Buffer.from(buffer.subarray(0, bytesRead));
        } else {
          yield buffer.subarray(0, bytesRead);
          buffer = Buffer.allocUnsafeSlow(chunkBytes);
        }
        continue;
      }
      if ((await handle.stat()).size < done) ending = 'cut';
      else if (wasReplaced) ending = 'replaced';
      if (ending !== undefined) return;
      wasReplaced = await namesAnother(path, inode);
      await (wasReplaced ? changes.pause() : changes.next());
    }
  }

  async function* guarded(): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* chunks();
    } catch (error) {
      if (!closed) throw fileError(error, 'read', shown);
    }
  }

  return {
    chunks: guarded,
    skip(bytes) {
      done += bytes;
      return bytes;
    },
    get done() {
      return done;
    },
    get ending() {
      return ending;
    },
    total: undefined,
    close() {
      closed = true;
      changes.close();
      closing ??= handle.close();
      return closing;
    },
  };
}

/** Whether the name means another file than the one with this inode; no, while it means none. */
async function namesAnother(path: string, inode: string): Promise<boolean> {
  const named = await stat(path, { bigint: true }).catch(() => undefined);
  return named !== undefined && String(named.ino) !== inode;
}

/** Changes of what a name means, or of that file. */
export interface Changes {
  /** Resolves with the next change, which may have come since the last call, or when it is time to look; at once when closed. */
  next(): Promise<void>;
  /** Resolves when it is time to look, whatever changes. */
  pause(): Promise<void>;
  close(): void;
}

export function watchFile(path: string): Changes {
  let changed = false;
  let closed = false;
  let wake = () => {};
  const watcher = watchFolder(dirname(path), (name) => {
    if (name !== null && name !== basename(path)) return;
    changed = true;
    wake();
  });

  function wait(untilChanged: boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, closed || (untilChanged && changed) ? 0 : lookEvery);
      wake = () => {
        if (!closed && !untilChanged) return;
        clearTimeout(timer);
        resolve();
      };
      changed = false;
    });
  }

  return {
    next: () => wait(true),
    pause: () => wait(false),
    close() {
      closed = true;
      watcher?.close();
      wake();
    },
  };
}

/** Undefined where there are no more watches to be had, or no such folder: looking every second is enough then. */
function watchFolder(folder: string, onChange: (name: string | null) => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, (_, name) => onChange(name)).on('error', () => {});
  } catch {
    return undefined;
  }
}
