import type { Validator } from '../../types/index.ts';
import type { RetryPolicy } from '../../workflow/index.ts';
import type { DeadLetterKeeper } from './journal.ts';
import type { Lane } from './lane.ts';
import type { Outlet } from './outlet.ts';

export interface StageCounts {
  readonly label: string;
  in: number;
  out: number;
  dead: number;
  retries: number;
  replaced: number;
  waiting: number;
}

export interface StageOptions {
  readonly label: string;
  readonly lanes: readonly Lane[];
  readonly outlet: Outlet;
  readonly deadLetters: DeadLetterKeeper;
  readonly retry: RetryPolicy;
  readonly json: Validator;
  readonly counts: StageCounts;
  /** Told of the first failure that the stage cannot mend; nothing is emitted after it. */
  onFailure(error: unknown): void;
}

export const queueBounds = { bytes: 4 * 1024 * 1024, blockBytes: 512 * 1024 };
/** Blocks that may wait in front of a stage. A slow function's are small, so that a run that is stopped soon ends. */
export const blocksWaiting = 8;
/** Into how many parts a block is cut to find the message that kills or hangs its instance. */
export const partsOfSuspect = 16;
