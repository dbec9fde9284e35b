import type { Readable, Writable } from 'node:stream';
import type Docker from 'dockerode';
import { engineFailure, httpStatus } from './docker-failure.ts';
import type { Instance, InstanceExit } from './engine.ts';
import type { Pipes } from './pipes.ts';

export interface InstanceStreams {
  readonly input: Writable;
  readonly output: Readable;
  readonly log: Readable;
  /** Ends the connection that `log` (and without pipes everything) comes over. */
  close(): void;
  readonly pipes: Pipes | undefined;
}

/** A container that has been started, as an {@link Instance}. */
export function runningInstance(container: Docker.Container, streams: InstanceStreams): Instance {
  const { input, output, log, pipes } = streams;
  // A write after the service's death is its owner's news by `exited` and by the end of `output`; without a listener it would end us.
  for (const stream of [input, output, log]) stream.on('error', () => {});
  const settled = () => pipes?.settled();
  const exited = exitOf(container).finally(settled);
  let removal: Promise<void> | undefined;
  return {
    id: container.id,
    input,
    output,
    log,
    exited,
    settled,
    kill: () => unlessOver('kill an instance', () => container.kill()),
    remove() {
      removal ??= removeContainer(container).finally(async () => {
        await pipes?.close();
        streams.close();
      });
      return removal;
    },
  };
}

async function removeContainer(container: Docker.Container): Promise<void> {
  await unlessOver('remove an instance', () => container.remove({ force: true, v: true }));
}

/** Never fails: where the engine cannot say how it ended, the code is undefined. */
async function exitOf(container: Docker.Container): Promise<InstanceExit> {
  try {
    await container.wait();
    const { State } = await container.inspect();
    return Object.freeze({ code: State.ExitCode, outOfMemory: State.OOMKilled });
  } catch {
    return Object.freeze({ code: undefined, outOfMemory: false });
  }
}

/** 404: it is gone; 409: it does not run, or is being removed already. Either is what was wanted. */
async function unlessOver(doing: string, request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    const status = httpStatus(error);
    if (status !== 404 && status !== 409) throw engineFailure(doing, error);
  }
}
