import { cut, type Path, pathText, type Reporter, show } from '../../manifest/index.ts';

/** A lock that is being read: its top mapping, and who takes the findings. */
export interface LockReading {
  readonly value: Readonly<Record<string, unknown>>;
  readonly reporter: Reporter;
}

/** What a text of a lock must look like, and how messages call it. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly what: string;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text of the form that a rule states; else a finding at its place, and the empty text. */
export function requiredText(
  path: Path,
  value: unknown,
  { pattern, what }: TextRule,
  { reporter }: LockReading,
): string {
  if (typeof value === 'string' && value.length <= 1000 && pattern.test(value)) return value;
  const written = reporter.written(path);
  const hint =
    written === undefined
      ? undefined
      : `YAML reads ${cut(written)} as a number; put it in quotation marks: "${cut(written)}"`;
  reporter.report(path, 'wrong-value', `${pathText(path)} must be ${what}, found ${written ?? show(value)}`, {
    hint,
  });
  return '';
}
