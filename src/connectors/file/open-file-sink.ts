import type { Stats } from 'node:fs';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { OpenContext, Sink } from '../connector.ts';
import { fileError } from '../records/file-error.ts';
import { createDurableFileSink } from './durable-file-sink.ts';
import { createFileSink } from './file-sink.ts';
import { describeKind, pathOf } from './find-file.ts';

/** Throws where the sink could not write: the target is a folder or a device, or its folder may not be written. */
export async function checkFileSink(context: OpenContext): Promise<void> {
  const { target, shown } = await findTarget(context);
  const folder = await existingFolder(dirname(target));
  const kept = context.durable && (await existing(target, shown)) !== undefined;
  await (kept
    ? access(target, constants.W_OK | constants.R_OK)
    : access(folder, constants.W_OK | constants.X_OK)
  ).catch((error: unknown) => {
    throw fileError(error, 'write', shown);
  });
}

export async function openFileSink(context: OpenContext): Promise<Sink> {
  const { target, shown } = await findTarget(context);
  return context.durable
    ? createDurableFileSink(target, shown, context)
    : createFileSink(target, shown, context.format);
}

interface Target {
  /** Absolute, links followed. */
  readonly target: string;
  readonly shown: string;
}

async function findTarget({ parameters, folder }: OpenContext): Promise<Target> {
  const shown = pathOf(parameters);
  const path = resolve(folder, shown);
  requireLines(shown, parameters.as);
  const stats = await existing(path, shown);
  if (stats === undefined) return { target: path, shown };
  // A link stays; what it names is replaced.
  if (stats.isFile()) return { target: await realpath(path), shown };
  throw new NstackError('connector-invalid', `${shown} is ${describeKind(stats)}, not a file`, {
    hint: stats.isDirectory() ? 'Name a file in it.' : 'Write to stdout instead and redirect it there.',
  });
}

/** What a reader would expect of the name must be what is written. */
function requireLines(shown: string, as: unknown): void {
  const extension = extname(shown).toLowerCase();
  if (as === 'ndjson' || !['.csv', '.tsv', '.parquet', '.gz', '.json'].includes(extension)) return;
  throw new NstackError(
    'connector-invalid',
    `${shown}: the file sink writes one line a message, not ${extension}`,
    {
      hint: 'Name it .ndjson, or add as = "ndjson" to write lines under this name.',
    },
  );
}

async function existing(path: string, shown: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw fileError(error, 'write', shown);
  }
}

/** The nearest folder upwards that exists; those below it are made when the sink opens. */
async function existingFolder(folder: string): Promise<string> {
  const stats = await existing(folder, folder);
  return stats === undefined && dirname(folder) !== folder ? existingFolder(dirname(folder)) : folder;
}
