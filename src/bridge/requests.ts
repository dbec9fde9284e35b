import { NstackError } from '../core/index.ts';
import type { Validator } from '../types/index.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Pending, PendingRequests } from './pending.ts';
import type { NextResult } from './protocol.ts';

export interface RequestOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether the service is told when nobody waits for the answer any more. */
  readonly cancels?: boolean;
}

/** Sends a `next`, for which there is no limit of time; otherwise as {@link sendRequest}. */
export function sendNext(
  pending: PendingRequests,
  writer: FrameWriter,
  params: string,
  asked: {
    readonly credit: number;
    readonly validator: Validator;
    readonly signal: AbortSignal | undefined;
  },
): Promise<NextResult> {
  const { credit, validator, signal } = asked;
  return send(writer, pending, 'next', params, { signal, cancels: true }, (settled) => ({
    kind: 'next',
    credit,
    validator,
    ...settled,
  }));
}

/**
 * Sends one request and answers the raw bytes of its result. Rejects with CallError where the service answers with an error, with the
 * signal's reason, or with NstackError `timeout`; a late answer is dropped by whoever reads it.
 */
export function sendRequest(
  pending: PendingRequests,
  writer: FrameWriter,
  method: string,
  params: string | Uint8Array,
  options: RequestOptions,
): Promise<Buffer> {
  return send(writer, pending, method, params, options, (settled) => ({ kind: 'call', ...settled }));
}

interface Settled<Result> {
  resolve(result: Result): void;
  reject(error: Error): void;
}

function send<Result>(
  writer: FrameWriter,
  pending: PendingRequests,
  method: string,
  params: string | Uint8Array,
  { timeout, signal, cancels = false }: RequestOptions,
  asPending: (settled: Settled<Result>) => Pending,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const id = pending.add(
      asPending({
        resolve(result) {
          release();
          resolve(result);
        },
        reject(error) {
          release();
          reject(error);
        },
      }),
    );
    const giveUp = (reason: unknown) => {
      release();
      if (pending.giveUp(id) && cancels)
        writer.write([`{"jsonrpc":"2.0","method":"$/cancel","params":{"id":${id}}}`]);
      reject(reason);
    };
    const onAbort = () => giveUp(signal?.reason);
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(
            () => giveUp(new NstackError('timeout', `${method}: no answer within ${timeout} ms`)),
            timeout,
          );
    signal?.addEventListener('abort', onAbort);
    writer.write([`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":`, params, '}']);
  });
}
