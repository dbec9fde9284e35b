import { styleText } from 'node:util';
import { NstackError, renderDiagnostic } from '../core/index.ts';

const mostShown = 12;

/** The text that a failed command leaves on stderr: what, where and the way out, in one screen. */
export function renderError(error: unknown, options: { readonly color: boolean }): string {
  if (!(error instanceof NstackError)) return renderDefect(error, options);
  const shown = error.diagnostics
    .slice(0, mostShown)
    .map((diagnostic) => `${renderDiagnostic(diagnostic, options)}\n`);
  const left = error.diagnostics.length - shown.length;
  if (left > 0) shown.push(`... and ${left} more\n`);
  const head = options.color ? styleText(['red', 'bold'], 'error') : 'error';
  const hint = error.hint === undefined ? '' : `${indent(error.hint)}\n`;
  return `${shown.join('\n')}${shown.length > 0 ? '\n' : ''}${head}: ${error.message}\n${hint}`;
}

/** A defect of ours shows its stack, since a report needs it. */
function renderDefect(error: unknown, options: { readonly color: boolean }): string {
  const head = options.color ? styleText(['red', 'bold'], 'defect') : 'defect';
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${head}: nstack failed in a way it should not; please report this with the lines below\n${stack}\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
