import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SupervisorClient } from '../client/index.ts';
import { identityJudge } from '../core/index.ts';
import type { ContainerEngine, InstanceInfo } from '../engine/index.ts';
import type { Random } from './random.ts';

/** The running workflow that faults are done to, on this machine. */
export interface Target {
  /** Name of the workflow: small letters, digits and hyphens alone, so that its folder is called the same. */
  readonly workflow: string;
  readonly stateFolder: string;
  readonly client: SupervisorClient;
  readonly engine: ContainerEngine;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of nstack's package.json. */
  readonly packageRoot: string;
  readonly random: Random;
}

/** The process that carries a workflow. */
export interface Carrier {
  readonly pid: number;
  readonly identity: string;
}

/** Who carries the workflow now; undefined where nobody does. */
export async function carrierOf({
  stateFolder,
  workflow,
}: Pick<Target, 'stateFolder' | 'workflow'>): Promise<Carrier | undefined> {
  // src/supervisor writes it before anything of the workflow is opened.
  const path = join(stateFolder, 'workflows', workflow, 'data-path.owner');
  const identity = await readFile(path, 'utf8').catch(() => '');
  if (identity === '' || (await (await identityJudge())(identity)) !== 'lives') return undefined;
  return { pid: Number(identity.split('.')[2]), identity };
}

/** Instances of the workflow that run now. */
export async function instancesOf(target: Target): Promise<readonly InstanceInfo[]> {
  const carrier = await carrierOf(target);
  if (carrier === undefined) return [];
  const all = await target.engine.instances.list();
  return all.filter(({ owner, state }) => owner === carrier.identity && state === 'running');
}

/** SIGKILL; false where the process is gone. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
