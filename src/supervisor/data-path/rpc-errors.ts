import { type RpcError, rpcCodes } from '../../bridge/index.ts';

/** What a dead letter says of a message that a source could not take. */
export function notFitting(message: string): RpcError {
  return { code: rpcCodes.invalidParams, message };
}
