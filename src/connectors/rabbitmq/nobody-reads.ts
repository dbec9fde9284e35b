import { setTimeout as pause } from 'node:timers/promises';
import type { Link } from './link.ts';

const interval = 20;

/** Whether a queue has no consumer, asked until it is so, or `limit` milliseconds are over. Throws what the broker says. */
export async function nobodyReads(link: Link, queue: string, limit: number): Promise<boolean> {
  const end = performance.now() + limit;
  for (;;) {
    const { consumerCount } = await link.apart((channel) => channel.checkQueue(queue));
    if (consumerCount === 0) return true;
    if (performance.now() >= end) return false;
    await pause(interval);
  }
}
