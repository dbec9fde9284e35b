import type { ErrorMessage } from '../../../core/index.ts';
import type { JournalBatch } from './journal-batch.ts';

/** What the worker is started with. */
export interface JournalWorkerData {
  readonly path: string;
  /** The workflow's name, for messages. */
  readonly workflow: string;
}

/** Each is answered, in order. */
export type JournalRequest =
  | { readonly kind: 'open' }
  | { readonly kind: 'write'; readonly batch: JournalBatch }
  | { readonly kind: 'positions'; readonly source: string }
  | { readonly kind: 'letters'; readonly ids: readonly number[] }
  | { readonly kind: 'last-id' }
  | { readonly kind: 'page'; readonly after: number; readonly most: number }
  | { readonly kind: 'close' };

export type JournalAnswer =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };
