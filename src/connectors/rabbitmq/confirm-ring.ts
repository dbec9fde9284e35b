/**
 * What was published on one channel and is not confirmed yet, by delivery tag: the first one added has tag 1. Tags of a channel are
 * consecutive, so a ring holds them without an object a message.
 */
export interface ConfirmRing<T> {
  /** Messages that wait for the broker's word. */
  readonly size: number;
  readonly isFull: boolean;
  /** Adds the next tag: message `index` of `write`. */
  add(write: T, index: number): void;
  /** Takes out the message of that tag, with `multiple` all up to it; those that are out already are passed over. */
  settle(tag: number, multiple: boolean, each: (write: T, index: number) => void): void;
  /** Takes out everything, in order of tags, and begins anew with tag 1. */
  reset(each: (write: T, index: number) => void): void;
}

/** `capacity` is a power of two. */
export function createConfirmRing<T>(capacity: number): ConfirmRing<T> {
  const writes: (T | undefined)[] = new Array(capacity).fill(undefined);
  const indexes = new Int32Array(capacity);
  const mask = capacity - 1;
  let low = 1;
  let next = 1;
  let size = 0;

  function takeOut(tag: number, each: (write: T, index: number) => void): void {
    const at = tag & mask;
    const write = writes[at];
    if (write === undefined) return;
    writes[at] = undefined;
    size--;
    each(write, indexes[at] ?? 0);
  }

  return {
    get size() {
      return size;
    },
    get isFull() {
      return next - low === capacity;
    },
    add(write, index) {
      const at = next++ & mask;
      writes[at] = write;
      indexes[at] = index;
      size++;
    },
    settle(tag, multiple, each) {
      if (tag < low || tag >= next) return;
      for (let at = multiple ? low : tag; at <= tag; at++) takeOut(at, each);
      while (low < next && writes[low & mask] === undefined) low++;
    },
    reset(each) {
      for (let at = low; at < next; at++) takeOut(at, each);
      low = 1;
      next = 1;
    },
  };
}
