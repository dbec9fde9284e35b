import { fromErrorMessage, NstackError } from '../core/index.ts';
import type { ReplayResult } from './data-path/replay.ts';
import type { DataPathEvent } from './messages.ts';
import type { DataPath } from './start-data-path.ts';

/** Asks data paths for replays, and knows which answer is for whom. */
export interface ReplayDesk {
  ask(dataPath: DataPath, ids: readonly number[] | undefined): Promise<ReplayResult>;
  take(event: DataPathEvent & { readonly kind: 'replayed' }): void;
  /** The data path is gone: nobody answers any more. */
  end(): void;
}

export function createReplayDesk(workflow: string): ReplayDesk {
  const waiting = new Map<number, PromiseWithResolvers<ReplayResult>>();
  let last = 0;
  return {
    ask(dataPath, ids) {
      const number = ++last;
      const answer = Promise.withResolvers<ReplayResult>();
      waiting.set(number, answer);
      dataPath.send({ kind: 'replay', number, ids });
      return answer.promise;
    },
    take({ number, answer }) {
      const asked = waiting.get(number);
      waiting.delete(number);
      if ('error' in answer) asked?.reject(fromErrorMessage(answer.error));
      else asked?.resolve(answer);
    },
    end() {
      for (const asked of waiting.values())
        asked.reject(new NstackError('instance-died', `${workflow} ended while messages were replayed`));
      waiting.clear();
    },
  };
}
