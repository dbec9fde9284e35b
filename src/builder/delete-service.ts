import { NstackError } from '../core/index.ts';
import type { ContainerEngine } from '../engine/index.ts';
import { compareVersions, findService, listServices, type RegisteredService } from '../registry/index.ts';
import { cacheFolder } from './cache-folder.ts';
import { removeImageRecord } from './store/index.ts';

export interface DeleteOptions {
  /** Delete it though something needs it. What runs is never taken away. */
  readonly force: boolean;
  /** Names the cache folder; process.env by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Which workflows would be broken without it, as a message names them: `clicks (running)`. */
  readonly workflowsUsing: (
    service: RegisteredService,
    services: readonly RegisteredService[],
  ) => Promise<readonly string[]>;
}

/**
 * Removes one version of a built service (`Name:1.2.0`) from this machine. Fails with `service-unknown`, or with `usage` where a workflow uses it, where another service
 * is built on it, or where an instance of it runs.
 */
export async function deleteService(
  engine: ContainerEngine,
  reference: string,
  { force, workflowsUsing, env }: DeleteOptions,
): Promise<RegisteredService> {
  const service = await findService(engine, reference);
  const services = await listServices(engine);
  if (!force) {
    const children = services.filter((other) => standsOn(other, service, services));
    refuseUsed(
      service,
      'is the parent of',
      children.map(({ name, version }) => `${name} ${version}`),
    );
    refuseUsed(service, 'is used by the workflow', await workflowsUsing(service, services));
  }
  await engine.removeImage(service.image);
  // Otherwise a push would still know what it was.
  await removeImageRecord(await cacheFolder(env), service.name, service.version);
  return service;
}

function refuseUsed({ name, version }: RegisteredService, how: string, users: readonly string[]): void {
  if (users.length === 0) return;
  const several = users.length > 1 && how.endsWith('workflow') ? 's' : '';
  throw new NstackError('usage', `${name} ${version} ${how}${several} ${users.join(', ')}`, {
    hint: `Delete what needs it first, or delete it all the same: nstack delete ${name}:${version} --force.`,
  });
}

/** Whether a service names this one as its parent. Without a version it means the newest, so that another one would take the place of any but the last. */
function standsOn(
  child: RegisteredService,
  { name, version }: RegisteredService,
  services: readonly RegisteredService[],
): boolean {
  const { parent } = child.manifest;
  if (parent === `${name}:${version}`) return true;
  if (parent !== name) return false;
  const newest = services
    .filter((one) => one.name === name)
    .map((one) => one.version)
    .toSorted(compareVersions)
    .at(-1);
  return newest === version;
}
