import type { Diagnostic } from './diagnostics.ts';
import { type ErrorCode, exitCodes, NstackError } from './errors.ts';

/** An error as plain JSON, for its way from one process to another. What is no NstackError arrives as a `defect`. */
export interface ErrorMessage {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function toErrorMessage(error: unknown): ErrorMessage {
  if (error instanceof NstackError) {
    const { code, message, hint, diagnostics } = error;
    return hint === undefined ? { code, message, diagnostics } : { code, message, hint, diagnostics };
  }
  return {
    code: 'defect',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    diagnostics: [],
  };
}

export function fromErrorMessage({ code, message, hint, diagnostics }: ErrorMessage): NstackError {
  const known = Object.hasOwn(exitCodes, code) ? code : 'defect';
  return new NstackError(known, message, hint === undefined ? { diagnostics } : { hint, diagnostics });
}
