import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';

/** CPU seconds of containers that run nstack services, read from the kernel's own accounts of their control groups. */
export interface ServiceCpu {
  /** Ends the watch. By the service's true name: all that its containers have used. Fails where one of the services was never seen. */
  stop(): Promise<ReadonlyMap<string, number>>;
}

/**
 * Milliseconds between two readings: what is used after the last one is not seen, so at most this much of a core. The engine's own
 * figures will not do: a question asked near the end of a container is held until it is gone, and then answered with nought.
 */
const pause = 10;

interface Account {
  readonly service: string;
  read(): number;
  seconds: number;
}

/** Watches the containers of these services from now on. The engine has to run on this machine. */
export function watchServiceCpu(services: readonly string[]): ServiceCpu {
  const docker = new Docker();
  const accounts = new Map<string, Account>();
  const stopped = new AbortController();
  const watching = Promise.all([findContainers(), readAccounts()]);
  return {
    async stop() {
      stopped.abort();
      await watching;
      const total = new Map<string, number>();
      for (const { service, seconds } of accounts.values())
        total.set(service, (total.get(service) ?? 0) + seconds);
      const unseen = services.filter((service) => (total.get(service) ?? 0) === 0);
      if (unseen.length > 0) throw new Error(`the CPU time of ${unseen.join(', ')} was not seen`);
      return total;
    },
  };

  async function findContainers(): Promise<void> {
    while (!stopped.signal.aborted) {
      for (const { Id, Labels } of await docker.listContainers({
        filters: { label: ['io.nstack.service'] },
      })) {
        const service = Labels['io.nstack.service'] ?? '';
        if (accounts.has(Id) || !services.includes(service)) continue;
        const read = await accountOf(docker, Id);
        if (read !== undefined) accounts.set(Id, { service, read, seconds: 0 });
      }
      await sleep(100);
    }
  }

  async function readAccounts(): Promise<void> {
    while (!stopped.signal.aborted) {
      for (const account of accounts.values()) account.seconds = Math.max(account.seconds, account.read());
      await sleep(pause);
    }
  }
}

/** Containers that run a service now, by their ids. */
export async function containersOf(service: string): Promise<readonly string[]> {
  const label = [`io.nstack.service=${service}`];
  return (await new Docker().listContainers({ filters: { label } })).map(({ Id }) => Id);
}

/** The CPU account of a container by its id or name, to be read as often as one likes. Fails where it does not run. */
export async function containerCpu(container: string): Promise<() => number> {
  const read = await accountOf(new Docker(), container);
  if (read === undefined) throw new Error(`the container ${container} does not run`);
  return read;
}

/** Reads the CPU seconds of a container's control group (cgroups(7), version 2 or 1); nought once it is gone. */
async function accountOf(docker: Docker, id: string): Promise<(() => number) | undefined> {
  const { State } = await docker.getContainer(id).inspect();
  const groups = textOf(`/proc/${State.Pid}/cgroup`);
  if (groups === undefined) return undefined;
  const [, second] = /^0::(.+)$/m.exec(groups) ?? [];
  const [, first] = /^\d+:(?:[^:]*,)?cpuacct(?:,[^:]*)?:(.+)$/m.exec(groups) ?? [];
  if (first !== undefined)
    return () => Number(textOf(`/sys/fs/cgroup/cpuacct${first}/cpuacct.usage`) ?? 0) / 1e9;
  return () => {
    const stat = textOf(`/sys/fs/cgroup${second}/cpu.stat`) ?? '';
    return Number(/^usage_usec (\d+)$/m.exec(stat)?.[1] ?? 0) / 1e6;
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
