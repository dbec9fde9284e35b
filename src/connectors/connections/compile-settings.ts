import { Ajv, type ErrorObject } from 'ajv';
import { type Path, pathOf } from '../../manifest/index.ts';
import { plainSecretKeyword, referenceKeyword, withReferences } from './settings-schema.ts';

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
