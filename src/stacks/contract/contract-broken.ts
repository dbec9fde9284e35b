import { type Diagnostic, NstackError } from '../../core/index.ts';

/** The error of a failed contract check; it carries the findings, errors first. */
export function contractBroken(service: string, diagnostics: readonly Diagnostic[]): NstackError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const others = diagnostics.filter(({ severity }) => severity !== 'error');
  const count = errors.length === 1 ? 'in one place' : `in ${errors.length} places`;
  return new NstackError(
    'contract-broken',
    `the code of ${service} does not keep its declared API ${count}`,
    {
      diagnostics: [...errors, ...others],
    },
  );
}
