/** First in, first out; it lets go of what was taken out, also where it is never empty. */
export interface Fifo<T> {
  readonly length: number;
  push(item: T): void;
  shift(): T | undefined;
  /** Takes all out, in order. */
  drain(): T[];
}

/** Places of items that were taken out are given back once there are so many of them, and more than of those that wait. */
const mostEmpty = 1_024;

export function createFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let at = 0;

  return {
    get length() {
      return items.length - at;
    },
    push(item) {
      items.push(item);
    },
    shift() {
      if (at === items.length) return undefined;
      const item = items[at];
      items[at++] = undefined;
      if (at === items.length || (at >= mostEmpty && at * 2 > items.length)) {
        items = items.slice(at);
        at = 0;
      }
      return item;
    },
    drain() {
      const rest = items.slice(at) as T[];
      items = [];
      at = 0;
      return rest;
    },
  };
}
