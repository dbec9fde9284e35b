import type Docker from 'dockerode';
import { attachStreams } from './attach-streams.ts';
import { ask, httpStatus } from './docker-failure.ts';
import type { BuilderConnection, BuilderDesk, BuilderSpec } from './engine.ts';
import { builderLabel, builderOptions } from './sandbox.ts';

/** The engine's side of {@link BuilderDesk}. */
export function builderDesk(docker: Docker): BuilderDesk {
  return {
    connect: (name, signal) => connect(docker, name, signal),
    start: (spec, signal) => start(docker, spec, signal),
    async list() {
      const found = await ask('list builders', () =>
        docker.listContainers({ all: true, filters: { label: [builderLabel] } }),
      );
      return found.map(({ Names, Labels, State }) => ({
        name: Names[0]?.replace(/^\//, '') ?? '',
        service: Labels[builderLabel] ?? '',
        state: State,
      }));
    },
    remove: (name) => remove(docker, name),
  };
}

async function connect(
  docker: Docker,
  name: string,
  signal: AbortSignal,
): Promise<BuilderConnection | undefined> {
  return ask(
    `talk to the builder ${name}`,
    async () => {
      try {
        const { output, ...streams } = await attachStreams(docker.getContainer(name), 'all', signal);
        return { ...streams, output };
      } catch (error) {
        // It is not there, or is ending.
        if ([400, 404, 409].includes(httpStatus(error) ?? 0)) return undefined;
        throw error;
      }
    },
    { signal },
  );
}

async function start(docker: Docker, spec: BuilderSpec, signal: AbortSignal): Promise<BuilderConnection> {
  const refused = { refused: 'build-failed', failed: 'build-failed' } as const;
  const options = { ...builderOptions(spec), name: spec.name };
  // Not cut off by the signal: the engine would go on, and a container that nobody knows would stay.
  await ask(`make a builder for ${spec.service}`, () => docker.createContainer(options), refused);
  try {
    const connection = await connect(docker, spec.name, signal);
    if (connection === undefined) throw new Error(`the builder ${spec.name} is gone`);
    const container = docker.getContainer(spec.name);
    await ask(`start a builder for ${spec.service}`, () => container.start(), refused);
    return connection;
  } catch (error) {
    await remove(docker, spec.name).catch(() => {});
    throw error;
  }
}

async function remove(docker: Docker, name: string): Promise<void> {
  await ask(`remove the builder ${name}`, async () => {
    try {
      await docker.getContainer(name).remove({ force: true, v: true });
    } catch (error) {
      // 409: it is being removed already.
      if (![404, 409].includes(httpStatus(error) ?? 0)) throw error;
    }
  });
}
