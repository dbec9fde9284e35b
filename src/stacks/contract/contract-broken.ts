import { type Diagnostic, NstackError } from '../../core/index.ts';

/** The error of a failed contract check; it carries the errors, then the warnings. */
export function contractBroken(service: string, diagnostics: readonly Diagnostic[]): NstackError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const count = errors.length === 1 ? 'in one place' : `in ${errors.length} places`;
  const unread = errors.every(({ code }) => code === 'syntax-error');
  const message = unread
    ? `the code of ${service} cannot be read`
    : `the code of ${service} does not keep its declared API ${count}`;
  return new NstackError('contract-broken', message, {
    diagnostics: [...errors, ...warnings],
  });
}
