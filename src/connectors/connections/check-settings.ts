import { Ajv, type ErrorObject } from 'ajv';
import { nearestWord } from '../../core/index.ts';
import { cut, type Path, pathOf, pathText, type Reporter, show, valueAt } from '../../manifest/index.ts';
import type { ReferencedSetting } from './connections-file.ts';
import { readReference, referenceForms } from './read-reference.ts';
import {
  isMapping,
  nodeOf,
  plainSecretKeyword,
  referenceKeyword,
  type SchemaNode,
  withReferences,
} from './settings-schema.ts';

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

interface ReferencePlace {
  readonly path: Path;
  readonly secret: boolean;
}

/** The departures of settings from a schema, and where they have references. */
export type ValidateSettings = (settings: unknown) => {
  readonly errors: readonly ErrorObject[];
  readonly places: readonly ReferencePlace[];
};

/** Schemas are of connectors here: checking them against the schema of schemas would take longer than all else. */
export const ajvOptions = {
  allErrors: true,
  strict: false,
  logger: false,
  verbose: true,
  meta: false,
  validateSchema: false,
} as const;

/** Compiling takes some milliseconds: once a system. */
export function compileSettings(schema: object): ValidateSettings {
  // Of the settings that are being checked; ajv works without a pause.
  let settings: unknown;
  const places = new Map<string, ReferencePlace>();
  const ajv = new Ajv(ajvOptions);
  ajv.addKeyword({
    keyword: referenceKeyword,
    validate: (kind: string, _value: unknown, _schema: unknown, context?: { instancePath: string }) => {
      const pointer = context?.instancePath ?? '';
      const secret = kind === 'secret' || places.get(pointer)?.secret === true;
      places.set(pointer, { path: pathOf(pointer, settings), secret });
      return true;
    },
  });
  ajv.addKeyword({ keyword: plainSecretKeyword, validate: () => false });
  const check = ajv.compile(withReferences(schema) as object);
  return (value) => {
    settings = value;
    places.clear();
    check(value);
    return { errors: telling(check.errors ?? []), places: [...places.values()] };
  };
}

/** Without the errors that only say that a part has failed which speaks for itself; of a choice that nothing fits, the choice speaks. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return errors.filter((error) => {
    if (error.keyword === 'if') return false;
    const inside = (choice: ErrorObject) =>
      error !== choice && error.schemaPath.startsWith(`${choice.schemaPath}/`);
    if (choices.includes(error)) return !errors.some((other) => deeper(other, error));
    // Within a choice, what is told is what lies deeper: at the same place each branch says another thing.
    return !choices.some(
      (choice) => inside(choice) && error.instancePath === choice.instancePath && error.keyword === 'type',
    );
  });
}

function deeper(other: ErrorObject, choice: ErrorObject): boolean {
  return (
    other.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (other.instancePath.length > choice.instancePath.length ||
      !['type', 'if', 'anyOf', 'oneOf'].includes(other.keyword))
  );
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

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

/** What a value must be, without the value. */
export function expectation({ keyword, params, message, parentSchema }: ErrorObject): string {
  const { errorMessage } = (parentSchema ?? {}) as SchemaNode;
  if (typeof errorMessage === 'string') return `must be ${errorMessage}`;
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'type') return `must be ${wordsOf([params.type].flat())}`;
  if (keyword === 'minLength' && params.limit === 1) return 'must not be empty';
  if (keyword === 'minItems' && params.limit === 1) return 'must have an entry at least';
  if (keyword === 'anyOf' || keyword === 'oneOf') {
    const branches = ((parentSchema ?? {}) as SchemaNode)[keyword];
    return `must be ${wordsOf(typesOf(branches))}`;
  }
  return message ?? 'does not fit';
}

/** Types of the branches of a choice, also behind the question whether they are references. */
function typesOf(branches: unknown): readonly string[] {
  if (!Array.isArray(branches)) return [];
  const types = branches.flatMap((branch) => {
    const node = isMapping(branch) && isMapping(branch.else) ? branch.else : branch;
    return isMapping(node) ? [node.type].flat() : [];
  });
  return [...new Set(types.filter((type) => typeof type === 'string'))];
}

function wordsOf(types: readonly string[]): string {
  return types.map((type) => typeWords[type] ?? type).join(' or ') || 'something else';
}
