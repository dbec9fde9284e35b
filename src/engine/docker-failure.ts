import { type ErrorCode, NstackError } from '../core/index.ts';

/**
 * Runs one request to the engine and turns its failure into an NstackError. `doing` completes "Docker could not ...";
 * `refused` is the code for an answer that says no (HTTP 4xx), `failed` for one that says it went wrong (5xx).
 */
export async function ask<T>(
  doing: string,
  request: () => Promise<T>,
  options: FailureOptions = {},
): Promise<T> {
  try {
    options.signal?.throwIfAborted();
    return await request();
  } catch (error) {
    throw engineFailure(doing, error, options);
  }
}

export interface FailureOptions {
  readonly refused?: ErrorCode;
  readonly failed?: ErrorCode;
  readonly signal?: AbortSignal;
}

/** The NstackError for whatever a request to the engine, or the stream of its answer, failed with. */
export function engineFailure(
  doing: string,
  cause: unknown,
  { refused = 'defect', failed = 'engine-unavailable', signal }: FailureOptions = {},
): NstackError {
  if (cause instanceof NstackError) return cause;
  if (signal?.aborted === true) return interrupted(doing, signal);
  const status = httpStatus(cause);
  if (status === undefined) {
    return new NstackError(
      'engine-unavailable',
      `the container engine was lost while it was asked to ${doing}: ${errorText(cause)}`,
      { cause, hint: 'See whether it still runs: `docker info`.' },
    );
  }
  const code = status < 500 ? refused : failed;
  return new NstackError(code, `the container engine could not ${doing}: ${engineMessage(cause)}`, { cause });
}

/** The HTTP status of the engine's answer; undefined where there was none. */
export function httpStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** What the engine itself says, without the client's `(HTTP code 404) ...` around it. */
export function engineMessage(error: unknown): string {
  if (error instanceof Error && 'json' in error && typeof error.json === 'object' && error.json !== null) {
    const { json } = error;
    if ('message' in json && typeof json.message === 'string') return json.message.trim();
  }
  return errorText(error).replace(/^\(HTTP code \d+\) [a-z ]* - /, '');
}

function interrupted(doing: string, signal: AbortSignal): NstackError {
  const { reason } = signal;
  if (reason instanceof NstackError) return reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new NstackError('timeout', `the container engine took too long to ${doing}`, { cause: reason });
  }
  return new NstackError('interrupted', `interrupted: the container engine was to ${doing}`, {
    cause: reason,
  });
}

function errorText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim();
}
