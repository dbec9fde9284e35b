import type { ErrorObject } from 'ajv';
import { nearestWord } from '../../core/index.ts';
import { cut, type Path, pathOf, pathText, type Reporter, show, valueAt } from '../../manifest/index.ts';
import type { ValidateSettings } from './compile-settings.ts';
import type { ReferencedSetting } from './connections-file.ts';
import { expectation } from './expectation.ts';
import { readReference, referenceForms } from './read-reference.ts';
import { isMapping, nodeOf, plainSecretKeyword, type SchemaNode } from './settings-schema.ts';

/** What the checks of one connection's settings need to know. */
export interface SettingsCheck {
  readonly schema: object;
  /** Compiled from `schema`. */
  readonly validate: ValidateSettings;
  /** Where the settings stand in the file. */
  readonly path: Path;
  /** Folder of the connections file. */
  readonly folder: string;
  /** Whether the value of a setting of that name may be shown. */
  readonly mayShow: (name: string) => boolean;
}

/** Reports every departure of settings from their system's schema. Answers the references among them; undefined where there is a fault. */
export function checkSettings(
  settings: Readonly<Record<string, unknown>>,
  check: SettingsCheck,
  reporter: Reporter,
): readonly ReferencedSetting[] | undefined {
  const { errors, places } = check.validate(settings);
  const references: ReferencedSetting[] = [];
  for (const { path, secret } of places) {
    const at = [...check.path, ...path];
    const reference = readReference(valueAt(settings, path), at, check.folder, reporter);
    if (reference === undefined) continue;
    references.push({ path, reference, secret, place: { file: '', ...reporter.position(at) } });
  }
  for (const error of errors) {
    if (error.keyword === 'required' && errors.some((other) => isMisspelt(other, error))) continue;
    report(error, settings, check, reporter);
  }
  return errors.length === 0 && references.length === places.length ? references : undefined;
}

function isMisspelt({ keyword, instancePath, params }: ErrorObject, missing: ErrorObject): boolean {
  if (keyword !== 'additionalProperties' || instancePath !== missing.instancePath) return false;
  const name = String(missing.params.missingProperty);
  return nearestWord(String(params.additionalProperty), [name]) === name;
}

function report(
  error: ErrorObject,
  settings: Readonly<Record<string, unknown>>,
  check: SettingsCheck,
  reporter: Reporter,
): void {
  const own = pathOf(error.instancePath, settings);
  const path = [...check.path, ...own];
  const name = pathText(path);
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const key = String(error.params.additionalProperty ?? error.params.unevaluatedProperty);
    const { properties } = (error.parentSchema ?? {}) as SchemaNode;
    const known = isMapping(properties) ? Object.keys(properties) : [];
    const nearest = nearestWord(key, known);
    const hint = nearest === undefined ? `the keys are ${known.join(', ')}` : `did you mean "${nearest}"?`;
    reporter.report([...path, key], 'unknown-key', `unknown key ${show(key)} in ${name}`, {
      hint,
      at: 'key',
    });
  } else if (error.keyword === 'required') {
    const missing = String(error.params.missingProperty);
    const { description } = nodeOf(check.schema, [...own, missing]);
    reporter.report(path, 'missing-key', `the key ${pathText([...path, missing])} is missing`, {
      hint: typeof description === 'string' ? description : undefined,
      at: 'key',
    });
  } else if (error.keyword === plainSecretKeyword) {
    const setting = String(own.findLast((segment) => typeof segment === 'string'));
    reporter.report(path, 'plain-secret', `${name} must be a reference to a secret, not the secret itself`, {
      hint: referenceForms(setting),
    });
  } else if (!reporter.faulty(path)) {
    reportValue(error, path, own, valueAt(settings, own), check, reporter);
  }
}

function reportValue(
  error: ErrorObject,
  path: Path,
  own: Path,
  value: unknown,
  { schema, mayShow }: SettingsCheck,
  reporter: Reporter,
): void {
  const setting = own.findLast((segment) => typeof segment === 'string');
  const written = reporter.written(path);
  const shown = written === undefined ? show(value) : cut(written);
  const open = setting === undefined || mayShow(String(setting)) || typeof value === 'object';
  const { description } = nodeOf(schema, own);
  const wantsText = error.keyword === 'type' && [error.params.type].flat().includes('string');
  const quoted = wantsText && written !== undefined && open;
  const hint = quoted
    ? `YAML reads ${shown} as a number; put it in quotation marks: "${shown}"`
    : typeof description === 'string'
      ? description
      : undefined;
  reporter.report(
    path,
    'wrong-value',
    `${pathText(path)} ${expectation(error)}${open ? `, found ${shown}` : ''}`,
    { hint },
  );
}
