import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisorClient, SupervisorEvent, SupervisorInfo, WorkflowInfo } from '../client/index.ts';
import { type ErrorMessage, NstackError, toErrorMessage } from '../core/index.ts';

export interface Watcher {
  connected(info: SupervisorInfo, workflows: readonly WorkflowInfo[]): void;
  told(event: SupervisorEvent): void;
  lost(error: ErrorMessage): void;
}

/** Milliseconds between two tries. */
const pause = 1_000;

/** Watches the supervisor until the signal is aborted. Where it cannot be reached, or is gone, it is tried again and again. */
export async function watchSupervisor(
  client: SupervisorClient,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await watchOnce(client, watcher, signal);
    } catch (error) {
      if (!signal.aborted) watcher.lost(toErrorMessage(error));
    }
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

async function watchOnce(client: SupervisorClient, watcher: Watcher, signal: AbortSignal): Promise<void> {
  const info = await client.info();
  const events = client.events();
  // The stream is asked for before the list, so that nothing falls between. Its first event may take long: there may be no workflows.
  const first = events.next();
  first.catch(() => {});
  watcher.connected(info, await client.list());
  for (let next = await first; next.done !== true; next = await events.next()) {
    if (signal.aborted) return;
    watcher.told(next.value);
  }
  throw new NstackError('supervisor-unavailable', 'the supervisor has ended');
}
