import type { Fault } from '../types/index.ts';
import { type RpcError, rpcCodes } from './protocol.ts';

/** A call that the service answered with an error, or whose result does not fit. `rpc.data.stack` is the service's own stack trace. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly rpc: RpcError;

  constructor(rpc: RpcError) {
    super(rpc.message);
    this.rpc = rpc;
  }
}

/** Characters that are kept of each text in an error. */
const longestText = 64 * 1024;

/** A JSON-RPC error object from a service, cut to a bounded size; undefined where it is none. */
export function readRpcError(value: unknown): RpcError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message, data } = value as Record<string, unknown>;
  if (typeof code !== 'number' || !Number.isSafeInteger(code) || typeof message !== 'string')
    return undefined;
  const error = { code, message: shown(message) };
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return error;
  const { stack, path, hint } = data as Record<string, unknown>;
  return {
    ...error,
    data: {
      ...(typeof stack === 'string' ? { stack: shown(stack) } : {}),
      ...(typeof path === 'string' ? { path: shown(path) } : {}),
      ...(typeof hint === 'string' ? { hint: shown(hint) } : {}),
    },
  };
}

/** A result that is not of the declared type: the service's fault, whether its shim found it or the hub. */
export function misfitError({ message, path }: Fault): RpcError {
  return { code: rpcCodes.invalidResult, message: `the result does not fit: ${message}`, data: { path } };
}

export function tooLargeError(limit: number): RpcError {
  return { code: rpcCodes.tooLarge, message: `the result is longer than ${limit} bytes (limits.message)` };
}

/** Escapes in JSON can spell half of a surrogate pair, which no UTF-8 can say. */
function shown(text: string): string {
  return text.slice(0, longestText).toWellFormed();
}
