import { NstackError } from '../../core/index.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html) that people can do something about. */
const codes = {
  busy: 5,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** Whether another process holds the file at this moment. */
export function isBusy(error: unknown): boolean {
  return rootCode(error) === codes.busy;
}

/** Whether there is no room on the disk. */
export function isFull(error: unknown): boolean {
  return rootCode(error) === codes.full;
}

/**
 * What SQLite said about the file at `path`, in words: `what` begins the sentence ("the journal of clicks"). A file that is broken is `file-unreadable`, and one that takes
 * nothing more (full disk, broken disk, no permission) `file-unwritable`. What is no error of SQLite's is handed back as it is: it is a defect, or already in words.
 */
export function sqliteError(what: string, path: string, error: unknown): unknown {
  const said = error instanceof Error ? error.message : String(error);
  const unwritable = (why: string, hint: string) =>
    new NstackError('file-unwritable', `${what} cannot be written: ${path}: ${why}`, { hint, cause: error });
  switch (resultCode(error)) {
    case undefined:
      return error;
    case codes.full:
      return unwritable(
        'the disk is full',
        'Make room on its disk; what was refused may then be tried again.',
      );
    case codes.ioError:
      return unwritable(said, 'Look at its disk (`dmesg`, `df -h`) and try again.');
    case codes.readonly:
    case codes.cannotOpen:
      return unwritable(said, 'Give this user the right to write the file and its folder.');
    case codes.busy:
      return unwritable('another process holds it', 'End that process (`fuser -v` on the file names it).');
    case codes.corrupt:
    case codes.notADatabase:
      return new NstackError('file-unreadable', `${what} is broken: ${path}: ${said}`, {
        hint: `Move it aside, with its -wal file, and start again with an empty one: mv ${path} ${path}.broken`,
        cause: error,
      });
    default:
      return unwritable(
        said,
        `Look at the file and its disk; \`sqlite3 ${path} .schema\` shows what is in it.`,
      );
  }
}

/** Also of one that is already in words. */
function rootCode(error: unknown): number | undefined {
  return resultCode(error instanceof NstackError ? error.cause : error);
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
