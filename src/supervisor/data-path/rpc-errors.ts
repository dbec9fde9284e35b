import { type RpcError, rpcCodes } from '../../bridge/index.ts';

/** nstack's own code, beside those of the bridge. */
const undeliveredCode = -32010;

/** What a dead letter says of a message that a sink gave up on. */
export function undelivered(message: string): RpcError {
  return { code: undeliveredCode, message };
}

/** What a dead letter says of a message that a source could not take. */
export function notFitting(message: string): RpcError {
  return { code: rpcCodes.invalidParams, message };
}
