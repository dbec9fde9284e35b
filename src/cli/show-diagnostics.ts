import { type Diagnostic, renderDiagnostic } from '../core/index.ts';
import type { CliContext } from './command.ts';

/** Findings that end nothing, on stderr. */
export function showDiagnostics({ stderr, color }: CliContext, findings: readonly Diagnostic[]): void {
  for (const finding of findings) stderr.write(`${renderDiagnostic(finding, { color })}\n`);
}
