import type { Fault } from '../../types/index.ts';

/** A fault as one clause; `start` is where the record begins in the bytes that were checked. */
export function describeFault(fault: Fault, start: number): string {
  if (fault.kind === 'malformed')
    return `no valid JSON at byte ${fault.offset - start + 1}: ${fault.message}`;
  return fault.path === '$' ? fault.message : `${fault.path}: ${fault.message}`;
}
