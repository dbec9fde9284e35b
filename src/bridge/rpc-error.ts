import type { RpcError } from './protocol.ts';

/** A call that the service answered with an error, or whose result does not fit. `rpc.data.stack` is the service's own stack trace. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly rpc: RpcError;

  constructor(rpc: RpcError) {
    super(rpc.message);
    this.rpc = rpc;
  }
}

const longestText = 64 * 1024;

/** A JSON-RPC error object from a service, cut to a bounded size; undefined where it is none. */
export function readRpcError(value: unknown): RpcError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message, data } = value as Record<string, unknown>;
  if (typeof code !== 'number' || !Number.isInteger(code) || typeof message !== 'string') return undefined;
  const error = { code, message: message.slice(0, longestText) };
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return error;
  const { stack, path } = data as Record<string, unknown>;
  return {
    ...error,
    data: {
      ...(typeof stack === 'string' ? { stack: stack.slice(0, longestText) } : {}),
      ...(typeof path === 'string' ? { path: path.slice(0, longestText) } : {}),
    },
  };
}
