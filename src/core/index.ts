export { deepFreeze } from './deep-freeze.ts';
export type { Diagnostic, Place } from './diagnostics.ts';
export { type ErrorMessage, fromErrorMessage, toErrorMessage } from './error-message.ts';
export { type ErrorCode, exitCodes, NstackError, type NstackErrorOptions } from './errors.ts';
export { lineOf } from './line-of.ts';
export { nearestWord } from './nearest-word.ts';
export { packageRoot } from './package-root.ts';
export { identityJudge, isProcessRunning, ownIdentity, type ProcessState } from './process-identity.ts';
export { renderDiagnostic } from './render-diagnostic.ts';
