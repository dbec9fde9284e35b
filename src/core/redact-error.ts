import type { Diagnostic } from './diagnostics.ts';
import { NstackError } from './errors.ts';

/** The error with its texts redacted; without its cause, which nobody has redacted. What is no NstackError becomes a `defect`. */
export function redactError(error: unknown, redact: (text: string) => string): NstackError {
  if (!(error instanceof NstackError)) {
    return new NstackError(
      'defect',
      redact(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  }
  const { code, message, hint, diagnostics } = error;
  return new NstackError(code, redact(message), {
    ...(hint === undefined ? {} : { hint: redact(hint) }),
    diagnostics: diagnostics.map((diagnostic) => redactDiagnostic(diagnostic, redact)),
  });
}

function redactDiagnostic(diagnostic: Diagnostic, redact: (text: string) => string): Diagnostic {
  const { message, hint, sourceLine } = diagnostic;
  return {
    ...diagnostic,
    message: redact(message),
    ...(hint === undefined ? {} : { hint: redact(hint) }),
    ...(sourceLine === undefined ? {} : { sourceLine: redact(sourceLine) }),
  };
}
