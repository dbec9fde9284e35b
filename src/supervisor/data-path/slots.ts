/** A counting semaphore: at most `size()` holders at a time, first come, first served. The size may change; holders beyond a smaller one keep their slots. */
export interface Slots {
  acquire(): Promise<void>;
  release(): void;
}

export function createSlots(size: () => number): Slots {
  let held = 0;
  const waiting: (() => void)[] = [];

  function admit(): void {
    while (held < size()) {
      const next = waiting.shift();
      if (next === undefined) return;
      held++;
      next();
    }
  }

  return {
    async acquire() {
      if (waiting.length === 0 && held < size()) held++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    release() {
      held--;
      admit();
    },
  };
}
