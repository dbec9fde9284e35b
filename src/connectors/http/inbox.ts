import type { Validator } from '../../types/index.ts';
import type { SourceBatch } from '../connector.ts';
import type { RecordFormat } from '../records/record-format.ts';

/** Messages of one request, as JSON in an inbox's own form: what its `format` made, or one text. */
export interface Letter {
  readonly items: readonly Uint8Array[];
  readonly count: number;
}

/**
 * Between requests and the workflow. `put` resolves when a letter is in safety, by the inbox's own guarantee (`taken`), or when the source ended before
 * (`ended`); it rejects with NstackError where it could not be kept.
 */
export interface Inbox {
  put(letter: Letter): Promise<'taken' | 'ended'>;
  /** Resolves when there is room for more. */
  room(): Promise<void>;
  /** Whether what is held is too much for another message. */
  readonly isFull: boolean;
  /** Puts the messages of a request with many together. */
  format(validator: Validator): RecordFormat;
  /** Called once. `end` ends it. */
  batches(): AsyncIterable<SourceBatch>;
  commit(position: unknown): Promise<void>;
  /** Nothing more is handed out; what was not yet has ended. */
  end(): void;
  /** After `end`: what was handed out and not committed has ended too. */
  close(): Promise<void>;
  /** Messages handed out. */
  readonly done: number;
}
