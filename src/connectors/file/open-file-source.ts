import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { OpenContext, Source } from '../connector.ts';
import type { ByteInput } from '../records/byte-input.ts';
import { checkLineFormat } from '../records/check-line-format.ts';
import { fileError } from '../records/file-error.ts';
import { createFileInput } from '../records/file-input.ts';
import { gunzipInput } from '../records/gunzip-input.ts';
import { createLineSource } from '../records/line-source.ts';
import { checkCsv, openCsv } from './csv-source.ts';
import { type FileKind, fileKind } from './file-kind.ts';
import { type FoundFile, findFile } from './find-file.ts';
import { checkParquet, openParquet } from './parquet-source.ts';
import { createPipeInput } from './pipe-input.ts';

/** Throws where a source over this file could not start: no such file, not readable, a header or a schema without the wanted columns. */
export async function checkFileSource(context: OpenContext): Promise<void> {
  const found = await findFile(context);
  const kind = fileKind(found.path, context.parameters, context.format);
  if (kind.kind === 'parquet') return checkParquet(found, context);
  if (kind.kind === 'lines') return checkLineFormat(context, found.shown);
  // What is read from a pipe is gone: its header is looked at when the source opens.
  if (found.kind === 'regular') await checkCsv(await openInput(found, kind), kind, context, found.shown);
}

export async function openFileSource(context: OpenContext): Promise<Source> {
  const found = await findFile(context);
  const kind = fileKind(found.path, context.parameters, context.format);
  if (kind.kind === 'parquet') return openParquet(found, context);
  const input = await openInput(found, kind);
  const name = basename(found.path);
  return kind.kind === 'csv' ? openCsv(input, kind, context, name) : createLineSource(input, context, name);
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
