/**
 * Something that ends a loop of waits from outside. `Promise.race` against one lasting promise would keep the value of every race alive as long
 * as that promise waits; this lets go of each.
 */
export interface Interrupt<T> {
  /** Ends the wait that is under way, and every later one. Only the first call counts. */
  fire(value: T): void;
  /** What comes first. One race at a time. */
  race<U>(promise: Promise<U>): Promise<T | U>;
}

export function createInterrupt<T>(): Interrupt<T> {
  let fired: { readonly value: T } | undefined;
  let listener: ((value: T) => void) | undefined;
  return {
    fire(value) {
      if (fired !== undefined) return;
      fired = { value };
      listener?.(value);
    },
    race<U>(promise: Promise<U>) {
      if (fired !== undefined) return Promise.resolve(fired.value);
      return new Promise<T | U>((resolve, reject) => {
        listener = resolve;
        promise.then(resolve, reject).finally(() => {
          if (listener === resolve) listener = undefined;
        });
      });
    },
  };
}
