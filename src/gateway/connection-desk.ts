import type { ConnectionInfoWords } from '../workflow/index.ts';

/** What the API does with connections; the connections file is read anew for each call. */
export interface ConnectionDesk {
  list(): Promise<readonly ConnectionInfoWords[]>;
  /** Connects, looks around, and answers in one line what is there. Fails with NstackError that says what is wrong. */
  test(name: string, signal: AbortSignal): Promise<string>;
}
