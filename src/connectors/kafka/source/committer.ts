import type { CommittedOffset } from '../client/group-requests.ts';
import type { Claims } from './claims.ts';

/** Commits what was confirmed, some times a second and not once a batch. */
export interface Committer {
  /** Something was confirmed: it is committed before long. */
  schedule(): void;
  /** Commits now, after what is being committed. Rejects where the broker could not be asked; that is tried again by itself. */
  flush(): Promise<void>;
  /** Nothing is committed by itself any more. */
  stop(): void;
}

const interval = 250;

export function createCommitter(
  claims: Claims,
  commit: (offsets: readonly CommittedOffset[]) => Promise<boolean>,
  onFailure: (error: unknown) => void,
): Committer {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let isStopped = false;

  function schedule(): void {
    if (isStopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      flush().catch((error: unknown) => {
        onFailure(error);
        schedule();
      });
    }, interval);
  }

  function flush(): Promise<void> {
    const flushed = last.then(async () => {
      const due = claims.uncommitted();
      // What the group does not take now is due still, should the partition stay ours.
      if (due.length > 0 && (await commit(due))) claims.committed(due);
    });
    last = flushed.catch(() => {});
    return flushed;
  }

  return {
    schedule,
    flush,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
