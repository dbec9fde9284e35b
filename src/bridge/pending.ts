import type { Validator } from '../types/index.ts';
import type { BlockResult, NextResult } from './protocol.ts';

/** A request that waits for its answer. */
export type Pending =
  | { readonly kind: 'call'; resolve(result: Buffer): void; reject(error: Error): void }
  | {
      readonly kind: 'block';
      readonly count: number;
      readonly validator: Validator;
      resolve(result: BlockResult): void;
      reject(error: Error): void;
    }
  | {
      readonly kind: 'next';
      readonly credit: number;
      readonly validator: Validator;
      resolve(result: NextResult): void;
      reject(error: Error): void;
    };

/** The requests in flight by id, in the order in which they were sent. */
export interface PendingRequests {
  /** Answers the new request's id. */
  add(request: Pending): number;
  take(id: number): Pending | undefined;
  /** The request without taking it. */
  peek(id: number): Pending | undefined;
  /** Nobody waits any more; a late answer is dropped. False where the request was settled already. */
  giveUp(id: number): boolean;
  /** Whether an answer with this id is late rather than wrong. Forgets the id, since it can come once. */
  wasGivenUp(id: number): boolean;
  /** Whether the id has ever been given out. */
  wasAsked(id: number): boolean;
  /** Rejects all, oldest first. */
  rejectAll(error: Error): void;
}

/** Ids of given-up requests that are remembered; a service that owes more answers than these is beyond patience. */
const mostGivenUp = 10_000;

export function createPending(): PendingRequests {
  const waiting = new Map<number, Pending>();
  const givenUp = new Set<number>();
  let next = 1;
  return {
    add(request) {
      waiting.set(next, request);
      return next++;
    },
    take(id) {
      const request = waiting.get(id);
      waiting.delete(id);
      return request;
    },
    peek: (id) => waiting.get(id),
    giveUp(id) {
      if (!waiting.delete(id)) return false;
      givenUp.add(id);
      const [oldest] = givenUp;
      if (givenUp.size > mostGivenUp && oldest !== undefined) givenUp.delete(oldest);
      return true;
    },
    wasGivenUp: (id) => givenUp.delete(id),
    wasAsked: (id) => id > 0 && id < next,
    rejectAll(error) {
      const all = [...waiting.values()];
      waiting.clear();
      for (const request of all) request.reject(error);
    },
  };
}
