import type { Diagnostic } from '../core/index.ts';
import type { TextOrigin } from '../types/index.ts';
import type { Path } from './yaml-value.ts';

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
export function faultPaths() {
  const faults = new Set<string>();
  return {
    note: (path: Path, at: 'key' | 'value' = 'value') => faults.add(`${at} ${JSON.stringify(path)}`),
    faulty: (path: Path, at: 'key' | 'value' = 'value') => faults.has(`${at} ${JSON.stringify(path)}`),
  };
}
