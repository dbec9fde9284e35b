import type { Diagnostic } from '../../core/index.ts';
import type { ReportedEvent } from './report.ts';

/**
 * Findings as GitHub Actions shows them beside the code: workflow commands, a line each (GitHub's documentation, "Workflow commands for GitHub Actions", "Setting an
 * error message"). An error without a place in a file is one of the whole job.
 */
export function githubAnnotations(write: (text: string) => void): (event: ReportedEvent) => void {
  return (event) => {
    if (event.event === 'finding') write(annotation(event.finding));
    if (event.event !== 'failed') return;
    for (const finding of event.findings) write(annotation(finding));
    if (event.findings.length === 0)
      write(`::error title=nstack::${data(withHint(event.message, event.hint))}\n`);
  };
}

const kinds = { error: 'error', warning: 'warning', note: 'notice' } as const;

function annotation({ severity, message, hint, place, code }: Diagnostic): string {
  const properties = {
    ...(place === undefined ? {} : { file: place.file, line: place.line, col: place.column }),
    title: `nstack: ${code}`,
  };
  const text = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${kinds[severity]} ${text.join(',')}::${data(withHint(message, hint))}\n`;
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}

/** What ends a command or begins another must not stand in a text that an author has written. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
