import { nearestWord } from '../core/index.ts';
import { durationHint, sizeHint } from './quantity.ts';
import type { Reporter } from './reporter.ts';
import { manifestSchema, type SchemaNode } from './schema.ts';
import { resolveSchema, schemaAt } from './schema-at.ts';
import checkShape, { type ShapeError } from './shape-checker.js';
import { cut, pathOf, pathText, show, valueAt } from './value-words.ts';
import type { Path } from './yaml-value.ts';

/**
 * Reports everything in which a value departs from the schema of nstack.yaml: unknown and missing keys, and values that are not
 * what they must be, in the words that the schema has for them.
 */
export function reportShape(value: unknown, reporter: Reporter): void {
  if (checkShape(value)) return;
  const errors = checkShape.errors ?? [];
  for (const error of errors) {
    // A misspelt key is one finding: its hint says which key was meant.
    if (error.keyword === 'required' && errors.some((other) => isMisspelt(other, error))) continue;
    const path = pathOf(error.instancePath, value);
    const report = reports[error.keyword] ?? reportValue;
    report(path, error, valueAt(value, path), reporter);
  }
}

type Report = (path: Path, error: ShapeError, value: unknown, reporter: Reporter) => void;

const silent: Report = () => undefined;

const reports: Readonly<Partial<Record<string, Report>>> = {
  additionalProperties: reportUnknownKey,
  required: reportMissingKey,
  // These two only say that a part of theirs has failed, which has said so itself.
  if: silent,
  propertyNames: silent,
  uniqueItems: reportRepetition,
};

function isMisspelt({ keyword, instancePath, params }: ShapeError, missing: ShapeError): boolean {
  if (keyword !== 'additionalProperties' || instancePath !== missing.instancePath) return false;
  const name = String(missing.params.missingProperty);
  return nearestWord(String(params.additionalProperty), [name]) === name;
}

function reportUnknownKey(path: Path, { params }: ShapeError, _: unknown, reporter: Reporter): void {
  const name = String(params.additionalProperty);
  const known = Object.keys(schemaAt(path).properties ?? {});
  const nearest = nearestWord(name, known);
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
  const hint = nearest === undefined ? `the keys are ${known.join(', ')}` : `did you mean "${nearest}"?`;
  reporter.report([...path, name], 'unknown-key', `unknown key ${show(name)}${where}`, { hint, at: 'key' });
}

function reportMissingKey(path: Path, { params }: ShapeError, _: unknown, reporter: Reporter): void {
  const name = String(params.missingProperty);
  const schema = schemaAt([...path, name]);
  const hint = schema.errorMessage === undefined ? undefined : `it is ${schema.errorMessage}`;
  reporter.report(path, 'missing-key', `the key ${pathText([...path, name])} is missing`, {
    hint,
    at: 'key',
  });
}

function reportRepetition(path: Path, { params }: ShapeError, value: unknown, reporter: Reporter): void {
  const second = [...path, Math.max(Number(params.i), Number(params.j))];
  reporter.report(
    second,
    'wrong-value',
    `${show(valueAt(value, second.slice(path.length)))} stands in ${pathText(path)} twice`,
  );
}

function reportValue(path: Path, error: ShapeError, value: unknown, reporter: Reporter): void {
  if (error.propertyName !== undefined) {
    const key = [...path, error.propertyName];
    if (reporter.faulty(key, 'key')) return;
    const words = schemaAt(path).propertyNames;
    const expected = (words === undefined ? undefined : resolveSchema(words, '').errorMessage) ?? 'a word';
    reporter.report(
      key,
      'wrong-key',
      `a key of ${pathText(path)} must be ${expected}, found ${show(error.propertyName)}`,
      { at: 'key' },
    );
    return;
  }
  if (reporter.faulty(path)) return;
  const schema = schemaAt(path, value);
  const name = path.length === 0 ? 'a manifest' : pathText(path);
  const written = reporter.written(path);
  const message = `${name} must be ${expectation(schema, error)}, found ${written === undefined ? show(value) : cut(written)}`;
  reporter.report(path, 'wrong-value', message, { hint: hintFor(schema, error, value, written) });
}

/** What the value must be: bounds in numbers, where these alone are broken. */
function expectation(schema: SchemaNode, { keyword, params }: ShapeError): string {
  if (keyword === 'maxLength')
    return `${schema.errorMessage ?? 'text'} of at most ${params.limit} characters`;
  if (keyword === 'maxItems' || keyword === 'maxProperties')
    return `${schema.errorMessage ?? 'a list'} with at most ${params.limit} entries`;
  return schema.errorMessage ?? 'a mapping with the keys of nstack.yaml';
}

function hintFor(
  schema: SchemaNode,
  { keyword }: ShapeError,
  value: unknown,
  written: string | undefined,
): string | undefined {
  if (schema === manifestSchema.definitions?.size) return sizeHint(value);
  if (schema === manifestSchema.definitions?.duration) return durationHint(value);
  if (keyword === 'type' && schema.type === 'string' && written !== undefined) {
    return `YAML reads ${cut(written)} as a number; put it in quotation marks: "${cut(written)}"`;
  }
  if (keyword === 'type' && typeof value === 'boolean') return `YAML reads ${value} as a truth value`;
  const nearest = typeof value === 'string' ? nearestWord(value, schema.enum ?? []) : undefined;
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}
