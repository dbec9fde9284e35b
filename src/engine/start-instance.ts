import { randomBytes } from 'node:crypto';
import { availableParallelism, release } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type Docker from 'dockerode';
import { NstackError, ownIdentity } from '../core/index.ts';
import { attachStreams } from './attach-streams.ts';
import { ask, engineMessage, httpStatus } from './docker-failure.ts';
import type { ImageInfo, Instance, InstanceSpec } from './engine.ts';
import type { EngineFacts } from './engine-facts.ts';
import { inspectImage } from './images.ts';
import { openPipes, type Pipes } from './pipes.ts';
import { runningInstance } from './running-instance.ts';
import { containerOptions, type SandboxPlan } from './sandbox.ts';
import { writeSecretFiles } from './secret-files.ts';

/**
 * Starts instances on one engine. Pipes need the engine to share our kernel and our files. The kernel's release says no for engines in
 * virtual machines and on other systems; for the rest, the engine itself answers when it is asked to mount a folder whose
 * random name exists here alone. What the probe found is kept for the instances that follow.
 */
export function instanceStarter(
  docker: Docker,
  facts: EngineFacts,
): (spec: InstanceSpec, signal: AbortSignal) => Promise<Instance> {
  let transport = facts.transport ?? (facts.kernel === release() ? undefined : 'attach');
  const owner = ownIdentity();
  const cores = engineCores(docker, facts);
  return async (spec, signal) => {
    const start: Start = { docker, facts, spec, signal, owner: await owner, cores: await cores() };
    if (transport === 'attach') return await startOver(start, undefined);
    const pipes = await openPipes(start.owner);
    try {
      const instance = await startOver(start, pipes);
      transport = 'pipes';
      return instance;
    } catch (error) {
      await pipes.close();
      if (!(error instanceof FolderUnseen) || transport === 'pipes') throw error;
      transport = 'attach';
      return await startOver(start, undefined);
    }
  };
}

interface Start {
  readonly docker: Docker;
  readonly facts: EngineFacts;
  readonly spec: InstanceSpec;
  readonly signal: AbortSignal;
  readonly owner: string;
  readonly cores: number;
}

/** The engine does not see our files. */
class FolderUnseen extends Error {}

async function startOver(start: Start, pipes: Pipes | undefined): Promise<Instance> {
  const { docker, spec, signal } = start;
  const image = await findImage(docker, spec);
  const secrets = await secretsFolder(start, pipes);
  const container = await createContainer(start, image, { pipes: pipes?.folder, secrets });
  try {
    const attached = await ask(
      `attach to an instance of ${spec.service}`,
      () => attachStreams(container, pipes === undefined ? 'all' : 'stderr', signal),
      { signal },
    );
    await startContainer(container, spec, signal);
    const streams: { input: Writable; output: Readable } = pipes ?? attached;
    return runningInstance(container, { ...streams, log: attached.log, close: attached.close, pipes });
  } catch (error) {
    await container.remove({ force: true, v: true }).catch(() => {});
    throw error;
  }
}

async function findImage(docker: Docker, { image, service }: InstanceSpec): Promise<ImageInfo> {
  const found = await inspectImage(docker, image);
  if (found !== undefined) return found;
  throw new NstackError(
    'service-unknown',
    `the image ${image} of ${service} is not in the container engine`,
    {
      hint: 'Build it with `nstack build`, or pull it with `nstack pull`.',
    },
  );
}

/** Without pipes, the engine sees no file of ours. A variable or a label would show the secrets to everyone who may look at containers. */
async function secretsFolder(
  { spec: { secrets, service }, facts }: Start,
  pipes: Pipes | undefined,
): Promise<string | undefined> {
  if (secrets === undefined || Object.keys(secrets).length === 0) return undefined;
  if (pipes !== undefined) return await writeSecretFiles(pipes.folder, secrets);
  throw new NstackError(
    'service-failed',
    `${service} needs the secrets ${Object.keys(secrets).join(', ')}, and ${facts.description} does not see the files of this machine, by which secrets reach a service`,
    { hint: 'Run nstack on the machine of that engine.' },
  );
}

async function createContainer(
  { docker, spec, signal, owner, cores }: Start,
  image: ImageInfo,
  { pipes, secrets }: Pick<SandboxPlan, 'pipes' | 'secrets'>,
): Promise<Docker.Container> {
  const options = containerOptions({ spec, image, owner, cores, pipes, secrets });
  try {
    return await ask(
      `create an instance of ${spec.service}`,
      // Not cut off by the signal: the engine would go on, and a container that nobody knows would stay.
      () => docker.createContainer({ ...options, name: containerName(spec.service) }),
      { refused: 'service-failed', signal },
    );
  } catch (error) {
    // `bind source path does not exist: ...` (Docker), `statfs ...: no such file or directory` (Podman).
    const unseen = pipes !== undefined && error instanceof NstackError && error.message.includes(pipes);
    throw unseen ? new FolderUnseen(error.message, { cause: error }) : error;
  }
}

/** The engine answers 400 or 500 when the program cannot be executed: either is the service's fault, not the engine's. */
async function startContainer(
  container: Docker.Container,
  spec: InstanceSpec,
  signal: AbortSignal,
): Promise<void> {
  await ask(
    `start an instance of ${spec.service}`,
    async () => {
      try {
        await container.start({ abortSignal: signal });
      } catch (error) {
        if (httpStatus(error) === undefined) throw error;
        throw new NstackError(
          'service-failed',
          `${spec.service} cannot be started: ${engineMessage(error)}`,
          {
            cause: error,
          },
        );
      }
    },
    { signal },
  );
}

/** For people who read `docker ps`; the random end makes it unique. */
function containerName(service: string): string {
  const plain = service.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 60);
  return `nstack-${plain}-${randomBytes(4).toString('hex')}`;
}

/** Asked once, when it is first needed. */
function engineCores(docker: Docker, facts: EngineFacts): () => Promise<number> {
  let cores: Promise<number> | undefined;
  return () => {
    cores ??=
      facts.kernel === release()
        ? Promise.resolve(availableParallelism())
        : ask('describe itself', async () => Number((await docker.info()).NCPU));
    return cores;
  };
}
