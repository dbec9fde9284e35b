/** A queue that takes at both ends and gives at the front. */
export interface Deque<T> {
  push(item: T): void;
  /** Puts items at the front, the first of them first. */
  unshift(items: readonly T[]): void;
  shift(): T | undefined;
  readonly first: T | undefined;
  readonly length: number;
}

/** Places of items that were taken are given back once there are so many of them, and more than of those that wait. */
const mostPassed = 256;

export function createDeque<T>(): Deque<T> {
  let items: T[] = [];
  let head = 0;
  return {
    push: (item) => void items.push(item),
    unshift(more) {
      items = [...more, ...items.slice(head)];
      head = 0;
    },
    shift() {
      if (head === items.length) return undefined;
      const item = items[head++];
      if (head === items.length || (head >= mostPassed && head * 2 > items.length)) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    get first() {
      return items[head];
    },
    get length() {
      return items.length - head;
    },
  };
}
