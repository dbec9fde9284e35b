import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sink, Source } from '../connectors/index.ts';
import type { AuditedEnds, AuditedOutput } from './audited-ends.ts';
import { inputCounterparts, inputFile, outputCounterpart } from './counterpart.ts';
import { pathOf } from './find-number.ts';
import type { Judge } from './judge.ts';
import type { Marker } from './marker.ts';
import type { MessageMaker } from './message-maker.ts';
import { createEndOpener } from './open-end.ts';
import { readOutput } from './read-output.ts';
import { writeInput } from './write-input.ts';

/** What goes into a workflow and comes out of it. */
export interface AuditStreams {
  /** Writes all messages. Called once. */
  write(): Promise<void>;
  /** All numbers below this were written. */
  sent(): number;
  /** When (`performance.now()`) the first message was written, and when the last came out, or was written. */
  began(): number;
  lastCame(): number;
  /** Rejects where an output cannot be read any more; never resolves. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

export interface OpenStreamsOptions {
  readonly ends: AuditedEnds;
  readonly outputs: readonly (AuditedOutput & { readonly judge: Judge })[];
  readonly make: MessageMaker;
  readonly marker: Marker;
  readonly messages: number;
  readonly lanes: number;
  readonly rate?: number;
  readonly key?: string;
  readonly output?: string;
  readonly folder: string;
  readonly connectionsFile: string;
  /** How many messages may be written by now. */
  allowed(): number;
  readonly signal: AbortSignal;
  onRefused(number: number): void;
  log(line: string): void;
}

/** Opens both sides; what the outputs get from now on is read. */
export async function openStreams(options: OpenStreamsOptions): Promise<AuditStreams> {
  const { ends, outputs, marker, folder, signal, log } = options;
  const opener = createEndOpener({ ...options, name: `verify-${marker.run}` });
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  const reading = new AbortController();
  const sinks: Sink[] = [];
  const sources: Source[] = [];
  const readers: Promise<void>[] = [];
  let sent = 0;
  let began = performance.now();
  let lastCame = began;
  let written = false;
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    reading.abort();
    await Promise.allSettled(sources.map((source) => source.close()));
    await Promise.allSettled(readers);
    await Promise.allSettled(sinks.map((sink) => (written ? sink.finish('complete') : sink.abandon())));
  }

  try {
    const file = inputFile(ends.input, folder);
    if (file !== undefined) await makeFile(file);
    for (const counterpart of inputCounterparts(ends.input, { key: options.key, lanes: options.lanes }))
      sinks.push(await opener.sink(ends.input, counterpart));
    for (const { into, judge } of outputs) {
      const source = await opener.source(into, await outputCounterpart(into, { run: marker.run, folder }));
      sources.push(source);
      const reader = readOutput({
        source,
        judge,
        marker,
        path: options.output === undefined ? undefined : pathOf(options.output),
        signal: reading.signal,
        onBatch() {
          lastCame = performance.now();
        },
      });
      readers.push(reader);
      reader.then(() => {
        if (!reading.signal.aborted) failure.reject(new Error(`${into.connector} ended`));
      }, failure.reject);
    }
  } catch (error) {
    await close();
    throw error;
  }

  return {
    async write() {
      began = performance.now();
      await writeInput({
        ...options,
        rate: options.rate,
        sinks,
        signal,
        onSent(until) {
          sent = Math.max(sent, until);
          lastCame = performance.now();
        },
      });
      written = true;
      log(`${sent} messages are in ${ends.inputLabel}`);
    },
    sent: () => sent,
    began: () => began,
    lastCame: () => lastCame,
    failed: failure.promise,
    close: () => (closing ??= close()),
  };
}

/** A workflow that reads a file wants it to be there. */
async function makeFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await (await open(path, 'a')).close();
}
