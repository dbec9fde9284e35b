import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { NstackError, quotedLines } from '../core/index.ts';
import { engineFailure } from './docker-failure.ts';
import type { BuildFault, BuildOptions } from './engine.ts';
import { engineEvents, eventError } from './engine-events.ts';
import { lineSplitter } from './line-splitter.ts';

const doing = 'build an image';

/**
 * Runs the engine's classic builder on a tar of the context and answers the image id. An abort closes the connection, upon which the
 * engine kills the step that runs and removes its container.
 */
export async function buildImage(docker: Docker, context: Readable, options: BuildOptions): Promise<string> {
  const { signal, onProgress } = options;
  const output = buildOutput((text) => onProgress({ kind: 'text', text }));
  try {
    signal.throwIfAborted();
    let id: string | undefined;
    const answer = await docker.buildImage(context, builderOptions(options));
    for await (const event of engineEvents(answer)) {
      const message = eventError(event);
      if (message !== undefined) throw output.failure(message);
      if (event.stream !== undefined) output.take(event.stream);
      else if (event.status !== undefined) showStatus(event.status, event, onProgress);
      id = event.aux?.ID ?? id;
    }
    if (id === undefined) throw output.failure('the builder ended without an image');
    return id;
  } catch (error) {
    const own = context.errored;
    if (own !== null && !signal.aborted) {
      throw own instanceof NstackError
        ? own
        : new NstackError('build-failed', `the build context cannot be read: ${own.message}`, { cause: own });
    }
    throw engineFailure(doing, error, { refused: 'build-failed', failed: 'build-failed', signal });
  } finally {
    context.destroy();
  }
}

function builderOptions({
  tag,
  target,
  buildArgs,
  labels,
  network,
  signal,
}: BuildOptions): Docker.ImageBuildOptions {
  return {
    version: '1',
    rm: true,
    forcerm: true,
    networkmode: network,
    buildargs: buildArgs,
    labels,
    abortSignal: signal,
    ...(tag === undefined ? {} : { t: tag }),
    ...(target === undefined ? {} : { target }),
  };
}

function showStatus(
  status: string,
  { id, progressDetail }: { id?: string; progressDetail?: { current?: number; total?: number } },
  onProgress: BuildOptions['onProgress'],
): void {
  const text = id === undefined ? status : `${id}: ${status}`;
  const { current: done, total } = progressDetail ?? {};
  if (done === undefined) onProgress({ kind: 'text', text });
  else onProgress({ kind: 'bytes', text, done, ...(total === undefined ? {} : { total }) });
}

/** Cuts the builder's output into lines and remembers what a failure needs: the step, and the last lines of its tool. */
function buildOutput(onLine: (line: string) => void) {
  let step: { number: number; of: number; instruction: string } | undefined;
  let lines: string[] = [];
  const splitter = lineSplitter((line) => {
    const start = /^Step (\d+)\/(\d+) : (.*)$/.exec(line);
    if (start !== null) {
      step = { number: Number(start[1]), of: Number(start[2]), instruction: start[3] ?? '' };
      lines = [];
    } else if (!builderNoise.test(line)) {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
    }
    onLine(line);
  });
  return {
    take: splitter.take,
    failure(message: string): NstackError {
      splitter.end();
      const fault: BuildFault = { message, step, lines };
      const place = step === undefined ? 'the build failed' : `step ${step.number} of ${step.of} failed`;
      // The builder repeats the whole instruction before the code.
      const said = /returned a non-zero code: (\d+)$/.exec(message)?.[1];
      const reason = said === undefined ? message : `exit code ${said}`;
      const what = step === undefined ? reason : `${step.instruction}: ${reason}`;
      return new NstackError('build-failed', `${place}: ${what}${quotedLines(lines)}`, { cause: fault });
    },
  };
}

const keptLines = 20;
/** What the builder says of its own work between the lines of the tools. */
const builderNoise = /^ ---> |^Removing intermediate container /;
