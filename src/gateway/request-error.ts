import { type ErrorCode, exitCodes, NstackError, type NstackErrorOptions } from '../core/index.ts';

/** A fault of a request that the gateway itself finds, with the status it is answered with. */
export class RequestError extends NstackError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    options: NstackErrorOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/**
 * The HTTP status of an error: 4xx where the user can mend it, 503 where waiting may, 500 for a defect of ours. `usage` from a
 * supervisor means that the workflow's state does not allow what is asked.
 */
export function statusOf(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  if (!(error instanceof NstackError)) return 500;
  return special[error.code] ?? byExitCode[exitCodes[error.code]];
}

const special: Readonly<Partial<Record<ErrorCode, number>>> = {
  'workflow-unknown': 404,
  usage: 409,
  permission: 403,
  timeout: 504,
};

const byExitCode = { 1: 422, 2: 422, 70: 500, 75: 503, 130: 503 } as const;
