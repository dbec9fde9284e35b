import type { Diagnostic } from '../core/index.ts';
import type { Span, TextOrigin } from '../types/index.ts';
import type { Source } from './decode-source.ts';
import { scalarOrigin } from './scalar-origin.ts';
import { jsonOf, keySpan, nodeAt, type Path, spanOf, writtenNumber, type YamlValue } from './yaml-value.ts';

/** Takes findings about the values of a manifest by their path, and knows where each stands. */
export interface Reporter {
  readonly diagnostics: readonly Diagnostic[];
  /** `at`: whether the value is meant or the key that the path ends in. */
  report(
    path: Path,
    code: string,
    message: string,
    options?: { readonly hint?: string | undefined; readonly at?: 'key' | 'value' },
  ): void;
  /** Takes over the findings of a reader of a text that stands in the value. */
  add(path: Path, diagnostics: readonly Diagnostic[]): void;
  /** Whether there is a finding about the value itself, or about the key that the path ends in. */
  faulty(path: Path, at?: 'key' | 'value'): boolean;
  /** Where the text of a scalar stands. */
  origin(path: Path): TextOrigin;
  /** A number as it was written, such as 3.10. */
  written(path: Path): string | undefined;
  /** A value as JSON text, its numbers as they were written. */
  json(path: Path, value: unknown): string;
  /** Line and column from 1 of the value, or of the key that the path ends in; 0 where the manifest came from a label. */
  position(path: Path, at?: 'key' | 'value'): { readonly line: number; readonly column: number };
}

/** Findings about an nstack.yaml, each with its place. */
export function yamlReporter(source: Source, { root }: YamlValue): Reporter {
  const { findings } = source;
  const faults = faultPaths();
  const extra: Diagnostic[] = [];
  return {
    get diagnostics() {
      return [...findings.diagnostics, ...extra].toSorted(byPlace);
    },
    report(path, code, message, { hint, at = 'value' } = {}) {
      faults.note(path, at);
      const span = (at === 'key' ? keySpan(root, path) : undefined) ?? valueSpan(root, path);
      findings.error(code, span, message, { hint });
    },
    add(path, diagnostics) {
      if (diagnostics.some(({ severity }) => severity === 'error')) faults.note(path);
      extra.push(...diagnostics);
    },
    faulty: faults.faulty,
    origin: (path) => scalarOrigin(nodeAt(root, path), source),
    written: (path) => writtenNumber(nodeAt(root, path)),
    json: (path) => jsonOf(nodeAt(root, path)),
    position(path, at = 'value') {
      const { start } = (at === 'key' ? keySpan(root, path) : undefined) ?? valueSpan(root, path);
      return { line: findings.lineOf(start) + 1, column: findings.columnOf(start) + 1 };
    },
  };
}

/** Findings about a manifest that came as JSON: there is no text to point into. */
export function plainReporter(file: string): Reporter {
  const diagnostics: Diagnostic[] = [];
  const faults = faultPaths();
  return {
    diagnostics,
    report(path, code, message, { at } = {}) {
      faults.note(path, at);
      diagnostics.push({ code, severity: 'error', message });
    },
    add(path, found) {
      if (found.some(({ severity }) => severity === 'error')) faults.note(path);
      diagnostics.push(...found);
    },
    faulty: faults.faulty,
    origin: () => ({ file, line: 1, column: 0, indent: 0 }),
    written: () => undefined,
    json: (_, value) => JSON.stringify(value),
    position: () => ({ line: 0, column: 0 }),
  };
}

/** The paths that have findings. */
function faultPaths() {
  const faults = new Set<string>();
  return {
    note: (path: Path, at: 'key' | 'value' = 'value') => faults.add(`${at} ${JSON.stringify(path)}`),
    faulty: (path: Path, at: 'key' | 'value' = 'value') => faults.has(`${at} ${JSON.stringify(path)}`),
  };
}

/** The value, or the nearest thing around it that has a place. */
function valueSpan(root: YamlValue['root'], path: Path): Span {
  const span = spanOf(nodeAt(root, path));
  if (span !== undefined && span.end > span.start) return span;
  const around = path.length === 0 ? undefined : (keySpan(root, path) ?? valueSpan(root, path.slice(0, -1)));
  return around ?? { start: 0, end: 1 };
}

function byPlace({ place: a }: Diagnostic, { place: b }: Diagnostic): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
