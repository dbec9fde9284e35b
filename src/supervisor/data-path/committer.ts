import { setTimeout as delay } from 'node:timers/promises';

/**
 * Carries commits to a source, one at a time a partition. Positions only go forward, so those that come while one is under way, or in the rest after it, are
 * represented by the last of them.
 */
export interface Committer {
  commit(position: unknown, partition: string): void;
  /** Resolves when everything that was asked is committed, without a rest from now on; rejects with the first failure. */
  settled(): Promise<void>;
}

export interface CommitterOptions {
  carry(position: unknown, partition: string): Promise<void>;
  /** Milliseconds between two commits of a partition, where each costs a sync of the disk. */
  readonly rest: number;
  onFailure(error: unknown): void;
}

export function createCommitter({ carry, rest, onFailure }: CommitterOptions): Committer {
  const hurry = new AbortController();
  const underWay = new Map<
    string,
    { next: { readonly position: unknown } | undefined; done: Promise<void> }
  >();

  async function work(partition: string, first: unknown): Promise<void> {
    for (let position = first; ; ) {
      await carry(position, partition);
      if (rest > 0) await delay(rest, undefined, { signal: hurry.signal }).catch(() => {});
      const entry = underWay.get(partition);
      if (entry?.next === undefined) break;
      position = entry.next.position;
      entry.next = undefined;
    }
    underWay.delete(partition);
  }

  return {
    commit(position, partition) {
      const entry = underWay.get(partition);
      if (entry !== undefined) {
        entry.next = { position };
        return;
      }
      const started = { next: undefined, done: Promise.resolve() };
      underWay.set(partition, started);
      started.done = work(partition, position);
      started.done.catch(onFailure);
    },
    async settled() {
      hurry.abort();
      await Promise.all([...underWay.values()].map(({ done }) => done));
    },
  };
}
