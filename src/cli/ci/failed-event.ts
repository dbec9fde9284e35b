import { NstackError } from '../../core/index.ts';
import type { ReportEvent } from './report.ts';

/** What a failure is to a report. A defect of ours says no more than its message there; its stack is on stderr. */
export function failedEvent(error: unknown): ReportEvent {
  if (error instanceof NstackError) {
    const { code, exitCode, message, hint, diagnostics } = error;
    return { event: 'failed', code, exitCode, message, hint, findings: diagnostics };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { event: 'failed', code: 'defect', exitCode: 70, message, findings: [] };
}
