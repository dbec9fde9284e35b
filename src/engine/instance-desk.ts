import type Docker from 'dockerode';
import { ask, engineFailure, httpStatus } from './docker-failure.ts';
import type { InstanceDesk } from './engine.ts';
import { ownerLabel, serviceLabel } from './sandbox.ts';

/** The engine's side of {@link InstanceDesk}. */
export function instanceDesk(docker: Docker): InstanceDesk {
  return {
    async list() {
      const containers = await ask('list instances', () =>
        docker.listContainers({ all: true, filters: { label: [serviceLabel, ownerLabel] } }),
      );
      return containers.map(({ Id, ImageID, State, Labels }) => ({
        id: Id,
        imageId: ImageID,
        service: Labels[serviceLabel] ?? '',
        owner: Labels[ownerLabel] ?? '',
        state: State,
      }));
    },
    kill: (id) => unlessGone('kill an instance', () => docker.getContainer(id).kill({ signal: 'SIGKILL' })),
    pause: (id) => unlessGone('pause an instance', () => docker.getContainer(id).pause()),
    unpause: (id) => unlessGone('unpause an instance', () => docker.getContainer(id).unpause()),
  };
}

/** 404: it is gone; 409: it has ended, or is not in the state that is to be left; old engines answer 500 for that. */
async function unlessGone(doing: string, request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    const status = httpStatus(error);
    const isOver =
      status === 500 && /is not (running|paused)|no such process|cannot (un)?pause/i.test(String(error));
    if (status === 404 || status === 409 || isOver) return false;
    throw engineFailure(doing, error);
  }
}
