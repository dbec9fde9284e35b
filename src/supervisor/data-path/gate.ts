/** Something that can be shut for a while: whoever comes to it waits until it is open. */
export interface Gate {
  shut(): void;
  open(): void;
  readonly isOpen: boolean;
  /** Resolves when the gate is open. */
  passed(): Promise<void>;
}

export function createGate(): Gate {
  let barrier: PromiseWithResolvers<void> | undefined;
  return {
    shut() {
      barrier ??= Promise.withResolvers<void>();
    },
    open() {
      barrier?.resolve();
      barrier = undefined;
    },
    get isOpen() {
      return barrier === undefined;
    },
    passed: () => barrier?.promise ?? Promise.resolve(),
  };
}
