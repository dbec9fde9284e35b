import { NstackError } from '../../core/index.ts';

/** What the file system said, as an NstackError about `path`. NstackErrors pass through. */
export function fileError(error: unknown, intent: 'read' | 'write', path: string): NstackError {
  if (error instanceof NstackError) return error;
  const system = error instanceof Error && 'code' in error ? String(error.code) : '';
  const because = reasons[system] ?? (error instanceof Error ? error.message : String(error));
  const code =
    system === 'EACCES' || system === 'EPERM' || system === 'EROFS' ? 'permission' : unusable[intent];
  return new NstackError(code, `cannot ${intent} ${path}: ${because}`, {
    hint: hints[system] ?? `Check the path and the disk, and start again.`,
    cause: error,
  });
}

const unusable = { read: 'file-unreadable', write: 'file-unwritable' } as const;

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
};

const hints: Readonly<Record<string, string>> = {
  EACCES: 'Give this user access to it, or name another file.',
  EPERM: 'Give this user access to it, or name another file.',
  EROFS: 'Name a file on another file system.',
  ENOSPC: 'Free some space, or name a file on another disk.',
  EDQUOT: 'Free some space, or name a file on another disk.',
  ENAMETOOLONG: 'Name a file with a shorter name.',
};
