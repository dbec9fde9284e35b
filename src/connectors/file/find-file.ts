import type { Stats } from 'node:fs';
import { access, constants, readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { NstackError, nearestWord } from '../../core/index.ts';
import type { OpenContext } from '../connector.ts';
import { fileError } from '../records/file-error.ts';

/** The file that `path` names, relative to the folder, with links followed. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it, for messages. */
  readonly shown: string;
  readonly kind: 'regular' | 'pipe';
  readonly size: number;
}

/** Finds a file to read: a regular one or a named pipe. Throws `file-missing`, with the nearest name, or says what it is instead. */
export async function findFile({ parameters, folder }: OpenContext): Promise<FoundFile> {
  const shown = pathOf(parameters);
  const path = resolve(folder, shown);
  const stats = await statOf(path, shown);
  const kind = stats.isFile() ? 'regular' : stats.isFIFO() ? 'pipe' : undefined;
  if (kind === undefined) {
    throw new NstackError('file-unreadable', `${shown} is ${describeKind(stats)}, not a file`, {
      hint: 'Name one file; a folder or a device is not read.',
    });
  }
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw fileError(error, 'read', shown);
  });
  return { path, shown, kind, size: stats.size };
}

/** The parameter that every file has. */
export function pathOf(parameters: Readonly<Record<string, unknown>>): string {
  const { path } = parameters;
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return path;
  throw new NstackError('connector-invalid', 'file: no path is given', {
    hint: 'Name one: file/flights.ndjson, or file/"/data/flights 2001.csv".',
  });
}

/** What something is that is no regular file, for a message. */
export function describeKind(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSocket()) return 'a socket';
  return stats.isFIFO() ? 'a named pipe' : 'a device';
}

async function statOf(path: string, shown: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) throw fileError(error, 'read', shown);
    throw new NstackError('file-missing', `there is no file ${shown}`, {
      hint: await hintFor(path),
      cause: error,
    });
  }
}

async function hintFor(path: string): Promise<string> {
  const parent = dirname(path);
  const names = await readdir(parent).catch(() => undefined);
  if (names === undefined)
    return `There is no folder ${parent} either: paths are relative to the workflow's folder.`;
  const nearest = nearestWord(basename(path), names);
  return nearest === undefined ? `Looked in ${parent}.` : `Did you mean ${nearest}? Looked in ${parent}.`;
}
