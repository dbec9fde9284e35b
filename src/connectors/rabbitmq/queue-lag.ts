import type { Link } from './link.ts';

const interval = 1_000;

/** Messages that wait in a queue, asked for at most once a second, one question at a time, and only when somebody wants to know. */
export function createQueueLag(queue: string, link: () => Link | undefined): () => number | undefined {
  let known: number | undefined;
  let asked = Number.NEGATIVE_INFINITY;
  let asking: Link | undefined;

  async function ask(of: Link): Promise<void> {
    asked = performance.now();
    asking = of;
    const state = await of.apart((channel) => channel.checkQueue(queue)).catch(() => undefined);
    // An answer may never come; those of a link that is gone do not count.
    if (asking !== of) return;
    asking = undefined;
    known = state?.messageCount;
  }

  return () => {
    const now = link();
    if (now !== undefined && now !== asking && performance.now() - asked >= interval) void ask(now);
    return known;
  };
}
