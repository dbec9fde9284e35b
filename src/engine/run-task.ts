import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { NstackError, ownIdentity } from '../core/index.ts';
import { attachStreams } from './attach-streams.ts';
import { ask, httpStatus } from './docker-failure.ts';
import type { TaskOutcome, TaskSpec } from './engine.ts';
import { lineSplitter } from './line-splitter.ts';
import { taskOptions } from './sandbox.ts';

/** Runs one command in a container that is gone afterwards, whatever happens. */
export async function runTask<T>(
  docker: Docker,
  spec: TaskSpec,
  take: (outcome: TaskOutcome) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { purpose } = spec;
  const options = taskOptions(spec, await ownIdentity());
  // Not cut off by the signal: the engine would go on, and a container that nobody knows would stay.
  const container = await ask(`make a container to ${purpose}`, () => docker.createContainer(options), {
    refused: 'build-failed',
    signal,
  });
  const kill = () => void container.kill().catch(() => {});
  try {
    await ask(`give files to the container to ${purpose}`, () => putFiles(container, spec.files, signal), {
      signal,
    });
    const exit = await run(container, spec, signal, kill);
    signal.throwIfAborted();
    return await take({ ...exit, files: () => outcomeFiles(container, spec, signal) });
  } catch (error) {
    if (signal.aborted)
      throw new NstackError('interrupted', `interrupted while it was to ${purpose}`, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
    await container.remove({ force: true, v: true }).catch(() => {});
  }
}

async function putFiles(
  container: Docker.Container,
  files: Readable,
  abortSignal: AbortSignal,
): Promise<void> {
  await container.putArchive(files, { path: '/', abortSignal });
}

async function run(
  container: Docker.Container,
  spec: TaskSpec,
  signal: AbortSignal,
  kill: () => void,
): Promise<Omit<TaskOutcome, 'files'>> {
  const doing = { refused: 'build-failed', signal } as const;
  const { output, log, close } = await ask(
    `listen to the container to ${spec.purpose}`,
    () => attachStreams(container, 'output', signal),
    doing,
  );
  const ends = [output, log].map((stream) => linesOf(stream, spec.onLine));
  try {
    await ask(`start to ${spec.purpose}`, () => container.start({ abortSignal: signal }), doing);
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    await Promise.all(ends);
    await ask(`wait for the end of the container to ${spec.purpose}`, () => container.wait());
    const { State } = await ask(`describe the container to ${spec.purpose}`, () => container.inspect());
    return { code: State.ExitCode, outOfMemory: State.OOMKilled };
  } finally {
    close();
  }
}

async function linesOf(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const splitter = lineSplitter(onLine);
  stream.setEncoding('utf8').on('data', splitter.take);
  await finished(stream).catch(() => {});
  splitter.end();
}

async function outcomeFiles(
  container: Docker.Container,
  { outcome, purpose }: TaskSpec,
  abortSignal: AbortSignal,
): Promise<Readable | undefined> {
  return ask(
    `hand over what came of it to ${purpose}`,
    async () => {
      try {
        return (await container.getArchive({ path: outcome, abortSignal })) as Readable;
      } catch (error) {
        if (httpStatus(error) === 404) return undefined;
        throw error;
      }
    },
    { signal: abortSignal },
  );
}
