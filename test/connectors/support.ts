import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findConnector, type OpenContext, type Sink, type SourceBatch } from '../../src/connectors/index.ts';
import { NstackError } from '../../src/core/index.ts';
import type { Type } from '../../src/types/index.ts';
import { collect } from './conformance/source-conformance.ts';

export const json: Type = { kind: 'json' };

/** What a connector of a workflow that goes on is opened with: JSON of up to 16 MiB, and nothing that stands in the way. */
export function openContext(
  parameters: Readonly<Record<string, unknown>>,
  more: Partial<OpenContext> = {},
): OpenContext {
  return {
    parameters,
    type: json,
    format: 'json',
    folder: '/',
    messageLimit: 16 * 1024 * 1024,
    workflow: 'test',
    durable: true,
    log: () => {},
    ...more,
  };
}

/** `record({ n: 'integer', 'text?': 'text' })`: a question mark makes a field optional. */
export function record(
  fields: Readonly<
    Record<
      string,
      Type['kind'] & ('integer' | 'double' | 'boolean' | 'text' | 'bytes' | 'timestamp' | 'json')
    >
  >,
): Type {
  return {
    kind: 'record',
    fields: Object.entries(fields).map(([name, kind]) =>
      name.endsWith('?')
        ? { name: name.slice(0, -1), type: { kind: 'optional', item: { kind } } }
        : { name, type: { kind } },
    ),
  };
}

/** A folder for one test. */
export async function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

export function contextOf(folder: string, path: string, more: Partial<OpenContext> = {}): OpenContext {
  return {
    type: json,
    format: 'json',
    folder,
    messageLimit: 16 * 1024 * 1024,
    workflow: 'test',
    durable: false,
    ...more,
    parameters: { path, ...more.parameters },
  };
}

/** All batches of a file source. */
export async function readFileSource(context: OpenContext): Promise<readonly SourceBatch[]> {
  const file = findConnector('file')?.source;
  const source = await file?.open(context);
  if (source === undefined) throw new Error('no file source');
  return collect(source.read(new AbortController().signal));
}

export async function openFileSink(context: OpenContext): Promise<Sink> {
  const file = findConnector('file')?.sink;
  await file?.check(context);
  const sink = await file?.open(context);
  if (sink === undefined) throw new Error('no file sink');
  return sink;
}

/** The NstackError that the work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<NstackError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NstackError) return error;
  throw new Error(`expected an NstackError, got ${error}`);
}

export function messagesOf(batches: readonly SourceBatch[]): unknown[] {
  return batches.flatMap(({ items }) => JSON.parse(`[${Buffer.concat(items).toString('utf8')}]`));
}

/** The rejected messages as `place: reason`. */
export function rejectedOf(batches: readonly SourceBatch[]): string[] {
  return batches.flatMap(({ rejected }) => rejected.map(({ place, message }) => `${place}: ${message}`));
}
