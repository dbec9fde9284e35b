import type Docker from 'dockerode';
import { identityJudge, type ProcessState } from '../core/index.ts';
import { ask, engineFailure, httpStatus } from './docker-failure.ts';
import { sweepInstanceFolders } from './runtime-folder.ts';
import { ownerLabel } from './sandbox.ts';

/**
 * Removes the instances, and the folders with their pipes, whose owning process is gone. An owner of another boot, machine or pid
 * namespace cannot be judged: its instances go only once they have exited, since an instance is never started twice.
 */
export async function sweep(docker: Docker): Promise<number> {
  const judge = await identityJudge();
  const containers = await ask('list instances', () =>
    docker.listContainers({ all: true, filters: { label: [ownerLabel] } }),
  );
  const removed = await Promise.all(
    containers.map(async ({ Id, State, Labels }) => {
      const owner = await judge(Labels[ownerLabel] ?? '');
      return abandoned(owner, State) && (await remove(docker, Id));
    }),
  );
  await sweepInstanceFolders(judge);
  return removed.filter(Boolean).length;
}

function abandoned(owner: ProcessState, state: string): boolean {
  switch (owner) {
    case 'lives':
      return false;
    case 'gone':
      return true;
    case 'other-boot':
    case 'other-namespace':
      return state === 'exited' || state === 'dead';
  }
}

async function remove(docker: Docker, id: string): Promise<boolean> {
  try {
    await docker.getContainer(id).remove({ force: true, v: true });
    return true;
  } catch (error) {
    const status = httpStatus(error);
    // Another process sweeps too.
    if (status === 404 || status === 409) return false;
    throw engineFailure('remove an instance', error);
  }
}
