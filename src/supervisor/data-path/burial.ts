import { type RpcError, rpcCodes } from '../../bridge/index.ts';
import type { Validator } from '../../types/index.ts';
import { type Block, messageBytes, runsOf, settleRuns } from './block.ts';
import type { DeadLetterKeeper } from './journal.ts';
import type { StageCounts } from './stage-options.ts';

/** Gives up on a message of a block; resolves when it is kept as a dead letter, which ends its delivery. */
export type Bury = (
  block: Block,
  index: number,
  attempts: number,
  error: RpcError | undefined,
) => Promise<void>;

export function createBurial(
  label: string,
  deadLetters: DeadLetterKeeper,
  counts: StageCounts,
  json: Validator,
): Bury {
  return async (block, index, attempts, error) => {
    const runs = runsOf(block, [index]);
    const key = runs[0]?.keys?.[0];
    await deadLetters.keep({
      stage: label,
      error: error ?? { code: rpcCodes.internalError, message: 'failed' },
      attempts,
      ...(key === undefined || key === 0 ? {} : { key }),
      payload: messageBytes(block, index, json),
      json: true,
    });
    counts.dead++;
    settleRuns(runs, 'dead');
  };
}

/** What does not fit a type, or is asked wrongly, will not fare better the next time; everything else may have been bad luck. */
export function mayHeal({ code }: RpcError): boolean {
  return !hopelessCodes.has(code);
}

const hopelessCodes: ReadonlySet<number> = new Set([
  rpcCodes.parseError,
  rpcCodes.invalidRequest,
  rpcCodes.methodNotFound,
  rpcCodes.invalidParams,
  rpcCodes.invalidResult,
  rpcCodes.tooLarge,
]);
