import { type Diagnostic, placeText } from '../../core/index.ts';
import type { ReportedEvent } from './report.ts';

/** Gathers what a job's page shows: a row for each service, the steps that took time, and what went wrong. */
export interface JobSummary {
  take(event: ReportedEvent): void;
  /** Markdown as GitHub has it; empty where nothing was told. */
  text(): string;
}

const mostFindings = 20;

export function createJobSummary(): JobSummary {
  const events: ReportedEvent[] = [];
  return {
    take(event) {
      if (event.event !== 'detail' && event.event !== 'step-began') events.push(event);
    },
    text: () => (events.length === 0 ? '' : render(events)),
  };
}

function render(events: readonly ReportedEvent[]): string {
  const rows = events.flatMap((event) => rowOf(event));
  const steps = events.flatMap((event) =>
    event.event === 'step-ended' ? [[event.module ?? '', event.step, event.seconds.toFixed(1)]] : [],
  );
  const parts = [
    `## nstack ${events[0]?.command ?? ''}`,
    ...(rows.length === 0 ? [] : [markdownTable(['service', 'result', 'size'], rows)]),
    ...events.flatMap((event) => troubleOf(event)),
    ...(steps.length === 0
      ? []
      : [
          `<details><summary>Steps</summary>\n\n${markdownTable(['module', 'step', 'seconds'], steps)}\n\n</details>`,
        ]),
  ];
  return `${parts.join('\n\n')}\n\n`;
}

function rowOf(event: ReportedEvent): readonly (readonly string[])[] {
  if (event.event === 'failed') return [[event.module ?? '', `failed: ${event.message}`, '']];
  if (event.event !== 'result') return [];
  const { name, version, changed, pushed, seconds, size, reference } = event.result;
  const service = [name, version].filter((word) => word !== undefined).join(' ');
  return [[service, outcome({ changed, pushed, seconds, reference }), sizeOf(size)]];
}

function outcome(result: Readonly<Record<string, unknown>>): string {
  const { changed, pushed, seconds, reference } = result;
  if (pushed !== undefined)
    return pushed === true ? `pushed to ${reference}` : `was there already: ${reference}`;
  if (changed === false) return 'nothing changed';
  return typeof seconds === 'number' ? `built in ${seconds.toFixed(1)} s` : 'passed';
}

function sizeOf(size: unknown): string {
  return typeof size === 'number' ? `${Math.round(size / 1e6)} MB` : '';
}

function troubleOf(event: ReportedEvent): readonly string[] {
  if (event.event !== 'failed') return [];
  const shown = event.findings.slice(0, mostFindings).map(findingLine);
  const left = event.findings.length - shown.length;
  const lines = [event.message, ...(event.hint === undefined ? [] : [event.hint]), '', ...shown];
  if (left > 0) lines.push(`... and ${left} more`);
  return [fenced(lines.join('\n').trimEnd())];
}

function findingLine({ severity, message, place, hint }: Diagnostic): string {
  const at = place === undefined ? '' : `${placeText(place)}: `;
  return `${at}${severity}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`;
}

/** A block that no text within can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One line without what Markdown or HTML would read as its own. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&');
}
