import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { NstackError, ownIdentity } from '../core/index.ts';
import { attachStreams } from './attach-streams.ts';
import { ask, httpStatus } from './docker-failure.ts';
import type { TaskOutcome, TaskSpec } from './engine.ts';
import { lineSplitter } from './line-splitter.ts';
import { taskOptions, unpacksItself } from './sandbox.ts';

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
  let removed: Promise<unknown> | undefined;
  const remove = () => {
    removed ??= container.remove({ force: true, v: true }).catch(() => {});
    return removed;
  };
  try {
    if (!unpacksItself(spec))
      await ask(`give files to the container to ${purpose}`, () => putFiles(container, spec.files, signal), {
        signal,
      });
    const exit = await run(container, spec, signal, kill);
    signal.throwIfAborted();
    const files = async () => {
      const found = await outcomeFiles(container, spec, signal);
      // Whoever reads it has more to do with what is in it.
      found?.once('end', remove);
      return found;
    };
    return await take({ ...exit, files });
  } catch (error) {
    if (signal.aborted)
      throw new NstackError('interrupted', `interrupted while it was to ${purpose}`, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
    spec.files.destroy();
    await remove();
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
  const byStdin = unpacksItself(spec);
  const { input, output, log, close } = await ask(
    `listen to the container to ${spec.purpose}`,
    () => attachStreams(container, byStdin ? 'all' : 'output', signal),
    doing,
  );
  const ends = [output, log].map((stream) => linesOf(stream, spec.onLine));
  try {
    await ask(`start to ${spec.purpose}`, () => container.start({ abortSignal: signal }), doing);
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    // A container that ends before it has read all says why by itself.
    if (byStdin) await pipeline(spec.files, input, { signal }).catch(() => {});
    await Promise.all(ends);
    const waiting = `wait for the end of the container to ${spec.purpose}`;
    const { StatusCode: code } = (await ask(waiting, () => container.wait())) as {
      readonly StatusCode: number;
    };
    if (code === 0) return { code, outOfMemory: false };
    const { State } = await ask(`describe the container to ${spec.purpose}`, () => container.inspect());
    return { code, outOfMemory: State.OOMKilled };
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
