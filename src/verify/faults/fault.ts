/** One kind of fault. `inject` and `heal` come in turn, one at a time; what was injected is healed, whatever happens. */
export interface Fault {
  readonly name: string;
  /** What it does, for people. */
  readonly describe: string;
  /** Milliseconds between the fault and its end; left out: the end follows at once. */
  readonly lasts?: { readonly least: number; readonly most: number };
  /** Throws NstackError where it cannot be done here. */
  check?(): Promise<void>;
  /** Answers what was done to whom; undefined: there is nothing at the moment that it could be done to. */
  inject(signal: AbortSignal): Promise<string | undefined>;
  /** Undoes it, where it does not heal by itself. */
  heal(): Promise<void>;
}

export const nothingToHeal = async (): Promise<void> => {};

/** An id as engines shorten it. */
export function short(id: string): string {
  return id.slice(0, 12);
}
