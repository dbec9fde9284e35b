import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { OpenContext, Source } from '../connector.ts';
import type { ByteInput } from '../records/byte-input.ts';
import { checkLineFormat } from '../records/check-line-format.ts';
import { fileError } from '../records/file-error.ts';
import { createFileInput } from '../records/file-input.ts';
import { gunzipInput } from '../records/gunzip-input.ts';
import { createLineSource } from '../records/line-source.ts';
import { firstRecord, recordPosition } from '../records/read-records.ts';
import { checkCsv, openCsv } from './csv-source.ts';
import { type FileKind, fileKind } from './file-kind.ts';
import { type FoundFile, findFile, pathOf } from './find-file.ts';
import { createFollowSource } from './follow-source.ts';
import { checkParquet, openParquet } from './parquet-source.ts';
import { createPipeInput } from './pipe-input.ts';

/** Throws where a source over this file could not start: no such file, not readable, a header or a schema without the wanted columns. */
export async function checkFileSource(context: OpenContext): Promise<void> {
  const found = await findFile(context);
  const kind = fileKind(found.path, context.parameters, context.format);
  requireFollowable(context, kind, found);
  if (kind.kind === 'parquet') return checkParquet(found, context);
  if (kind.kind === 'lines') return checkLineFormat(context, found.shown);
  // What is read from a pipe is gone: its header is looked at when the source opens.
  if (found.kind === 'regular') await checkCsv(await openInput(found, kind), kind, context, found.shown);
}

export async function openFileSource(context: OpenContext): Promise<Source> {
  if (context.parameters.follow === true) {
    const shown = pathOf(context.parameters);
    return createFollowSource(resolve(context.folder, shown), shown, context);
  }
  const found = await findFile(context);
  const kind = fileKind(found.path, context.parameters, context.format);
  // A pipe cannot give again what was read.
  const from = found.kind === 'pipe' ? firstRecord : recordPosition(context.positions?.['']);
  if (kind.kind === 'parquet') return openParquet(found, context, from);
  const input = await openInput(found, kind);
  const name = basename(found.path);
  return kind.kind === 'csv'
    ? openCsv(input, kind, context, name, from)
    : createLineSource(input, context, name, from);
}

function requireFollowable({ parameters }: OpenContext, kind: FileKind, found: FoundFile): void {
  if (parameters.follow !== true || (kind.kind === 'lines' && !kind.compressed && found.kind === 'regular'))
    return;
  const what = found.kind === 'pipe' ? 'a named pipe' : kind.compressed ? 'compressed' : kind.kind;
  throw new NstackError(
    'connector-invalid',
    `${found.shown} is ${what}, and only a plain file of lines is followed`,
    {
      hint: 'Leave out `follow`, or name a file that gets one line after the other.',
    },
  );
}

async function openInput(found: FoundFile, { compressed }: FileKind): Promise<ByteInput> {
  const { path, shown, kind, size } = found;
  try {
    const input =
      kind === 'pipe' ? createPipeInput(path, shown) : createFileInput(await open(path, 'r'), shown, size);
    return compressed ? gunzipInput(input, shown) : input;
  } catch (error) {
    throw fileError(error, 'read', shown);
  }
}
