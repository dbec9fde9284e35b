import Docker from 'dockerode';

/** CPU seconds of containers that run nstack services, seen from outside through the engine. */
export interface ServiceCpu {
  /** By the service's true name: what its containers have used since the watch began, up to the last look at them. */
  readonly seconds: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Milliseconds between two looks: what a container uses after the last one is not seen. */
const pause = 100;

/** Watches the containers of these services from now on. */
export function watchServiceCpu(services: readonly string[]): ServiceCpu {
  const docker = new Docker();
  const seen = new Map<string, { readonly service: string; readonly seconds: number }>();
  const seconds = new Map<string, number>();
  const stopped = new AbortController();
  const watching = watch();
  return {
    seconds,
    async stop() {
      stopped.abort();
      await watching;
      for (const { service, seconds: own } of seen.values())
        seconds.set(service, (seconds.get(service) ?? 0) + own);
    },
  };

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      const containers = await docker.listContainers({ filters: { label: ['io.nstack.service'] } });
      await Promise.all(containers.map(({ Id, Labels }) => look(Id, Labels['io.nstack.service'] ?? '')));
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async function look(id: string, service: string): Promise<void> {
    if (!services.includes(service)) return;
    const stats = await docker
      .getContainer(id)
      .stats({ stream: false, 'one-shot': true })
      .catch(() => undefined);
    const used = stats?.cpu_stats?.cpu_usage?.total_usage ?? 0;
    // One that has just ended says nought.
    if (used > 0) seen.set(id, { service, seconds: used / 1e9 });
  }
}
