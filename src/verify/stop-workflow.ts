import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisorClient } from '../client/index.ts';
import { NstackError } from '../core/index.ts';

/** Stops it in order; at once where that takes longer than `grace` milliseconds. One that runs no more is left as it is. */
export async function stopWorkflow(
  client: SupervisorClient,
  name: string,
  grace: number,
  log: (line: string) => void,
): Promise<void> {
  const late = new AbortController();
  const stopped = client.stop(name, { now: grace === 0 }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof NstackError && error.code === 'usage') return true;
      throw error;
    },
  );
  const inTime = grace === 0 || (await Promise.race([stopped, timer(grace, late.signal)]));
  late.abort();
  if (!inTime) {
    log(`${name} does not end within ${grace / 1000} s: it is ended at once`);
    await client.stop(name, { now: true });
  }
  await stopped;
}

export async function removeWorkflow(client: SupervisorClient, name: string): Promise<void> {
  try {
    await client.remove(name);
  } catch (error) {
    if (!(error instanceof NstackError) || error.code !== 'workflow-unknown') throw error;
  }
}

async function timer(milliseconds: number, signal: AbortSignal): Promise<false> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
  return false;
}
