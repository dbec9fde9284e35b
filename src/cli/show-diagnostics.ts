import { type Diagnostic, renderDiagnostic } from '../core/index.ts';
import type { CliContext } from './command.ts';

/** Findings that end nothing, on stderr and in the report where there is one. */
export function showDiagnostics(
  { stderr, color, report }: CliContext,
  findings: readonly Diagnostic[],
): void {
  for (const finding of findings) {
    stderr.write(`${renderDiagnostic(finding, { color })}\n`);
    report?.tell({ event: 'finding', finding });
  }
}
