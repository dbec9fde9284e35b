import Docker from 'dockerode';

/** On every test broker's container: the process that started it. */
export const ownerLabel = 'io.nstack.test-broker.process';

/** Removes the brokers of processes that have ended without stopping them. */
export async function removeOrphans(): Promise<void> {
  const docker = new Docker();
  const known = await docker.listContainers({ all: true, filters: { label: [ownerLabel] } });
  for (const { Id, Labels } of known) {
    if (isAlive(Number(Labels[ownerLabel]))) continue;
    await docker
      .getContainer(Id)
      .remove({ force: true, v: true })
      .catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
