import type { Agent } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { NstackError, unlessAborted } from '../core/index.ts';
import { dockerEngine } from './docker-engine.ts';
import type { ContainerEngine } from './engine.ts';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** How stdin and stdout reach a service; left out, a probe decides. Tests and benchmarks alone set it. */
  readonly transport?: 'pipes' | 'attach';
}

/**
 * Finds the container engine: the one that DOCKER_HOST names, otherwise the first that answers of the usual sockets (system, rootless,
 * desktop). Fails with `engine-unavailable`, saying what was tried and what to type; with `permission` where an engine is there and
 * this user may not speak to it. Each address has 5 seconds to answer.
 */
export async function connectEngine(options: ConnectOptions = {}): Promise<ContainerEngine> {
  const [{ default: Client }, { createSocketAgent }] = await Promise.all([
    import('dockerode'),
    import('./socket-agent.ts'),
  ]);
  const attempts: Attempt[] = [];
  for (const address of addresses(createSocketAgent())) {
    options.signal?.throwIfAborted();
    try {
      const docker = new Client(address.options);
      const version = await within(docker.version(), options.signal);
      return dockerEngine(docker, {
        description: `${engineName(version)} at ${address.text}`,
        kernel: version.KernelVersion,
        transport: options.transport,
      });
    } catch (error) {
      options.signal?.throwIfAborted();
      attempts.push({ address: address.text, error });
    }
  }
  throw noEngine(attempts);
}

interface Attempt {
  readonly address: string;
  readonly error: unknown;
}

const answerTimeout = 5_000;

function addresses(agent: Agent): readonly {
  readonly text: string;
  readonly options?: { readonly socketPath: string; readonly agent: Agent };
}[] {
  const { DOCKER_HOST, XDG_RUNTIME_DIR } = process.env;
  if (DOCKER_HOST !== undefined && DOCKER_HOST !== '') return [{ text: `DOCKER_HOST=${DOCKER_HOST}` }];
  const sockets = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock')];
  if (XDG_RUNTIME_DIR) sockets.splice(1, 0, join(XDG_RUNTIME_DIR, 'docker.sock'));
  return sockets.map((socketPath) => ({ text: socketPath, options: { socketPath, agent } }));
}

async function within<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const timeout = AbortSignal.timeout(answerTimeout);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  return unlessAborted(answer, either).catch((error: unknown) => {
    throw error === timeout.reason ? new Error(`no answer within ${answerTimeout / 1000} seconds`) : error;
  });
}

/** `Docker 20.10.24`: distributions append their own marks to the version. */
function engineName(version: Docker.DockerVersion): string {
  const podman = version.Components?.some(({ Name }) => Name.startsWith('Podman'));
  return `${podman === true ? 'Podman' : 'Docker'} ${version.Version.replace(/[+~].*$/, '')}`;
}

function noEngine(attempts: readonly Attempt[]): NstackError {
  const denied = attempts.find(({ error }) => ['EACCES', 'EPERM'].includes(codeOf(error) ?? ''));
  if (denied !== undefined) {
    return new NstackError(
      'permission',
      `this user may not speak to the container engine at ${denied.address}`,
      {
        cause: denied.error,
        hint: 'Join the group that may: `sudo usermod -aG docker "$USER"`, then log in again.',
      },
    );
  }
  // Sockets of other setups that simply are not there would only blur the message.
  const worth = attempts.filter(({ error }, index) => index === 0 || codeOf(error) !== 'ENOENT');
  const tried = worth.map(({ address, error }) => `${address} (${reason(error)})`).join(', ');
  return new NstackError('engine-unavailable', `no container engine answers: tried ${tried}`, {
    cause: worth[0]?.error,
    hint: worth[0]?.address.startsWith('DOCKER_HOST')
      ? 'Correct or unset DOCKER_HOST, or start that engine.'
      : 'Start it with `sudo systemctl start docker`, or install it with `sudo apt-get install docker.io` (`make setup` does both in a checkout of nstack); DOCKER_HOST names one that is elsewhere.',
  });
}

function reason(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'no such socket';
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
      return 'no such host';
    default:
      return error instanceof Error ? error.message.trim() : String(error);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
