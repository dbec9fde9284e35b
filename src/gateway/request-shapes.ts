import type { ErrorObject, ValidateFunction } from 'ajv';
import { nearestWord } from '../core/index.ts';
import type { WorkflowRequest } from '../workflow/index.ts';
import { RequestError } from './request-error.ts';

/** What the bodies of requests are, by the name of their schema. */
export interface RequestShapes {
  readonly workflow: WorkflowRequest;
  /** A workflow, or the name of one that is known. */
  readonly start: WorkflowRequest | { readonly name: string };
  readonly end: { readonly now?: boolean };
  readonly letters: { readonly ids?: readonly number[] };
  readonly nothing: Readonly<Record<string, never>>;
}

const name = { type: 'string', minLength: 1, maxLength: 200 };

type SchemaName = Exclude<keyof RequestShapes, 'start'> | 'known';

const schemas: Readonly<Record<SchemaName, object>> = {
  workflow: closed(
    {
      name,
      text: { type: 'string', minLength: 1 },
      file: { type: 'string', minLength: 1 },
      folder: { type: 'string', pattern: '^/' },
      retry: closed({
        attempts: { type: 'integer', minimum: 1 },
        backoff: { type: 'number', minimum: 0 },
        longestBackoff: { type: 'number', minimum: 0 },
        jitter: { type: 'number', minimum: 0, maximum: 1 },
      }),
      trace: { type: 'boolean' },
    },
    ['text', 'file', 'folder'],
  ),
  known: closed({ name }, ['name']),
  end: closed({ now: { type: 'boolean' } }),
  letters: closed({
    ids: { type: 'array', minItems: 1, maxItems: 10_000, items: { type: 'integer', minimum: 0 } },
  }),
  nothing: closed({}),
};

function closed(properties: object, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Checks values against the schemas. Throws RequestError, 400, that says what is wrong where. */
export type ShapeChecker = <S extends keyof RequestShapes>(shape: S, value: unknown) => RequestShapes[S];

/** ajv takes 100 ms to load, which nobody waits for who only looks. */
export async function createShapeChecker(): Promise<ShapeChecker> {
  // A CommonJS package: in a bundle its default export is all that there is.
  const { default: classes } = await import('ajv');
  const ajv = new classes.Ajv({ allErrors: true });
  const compiled = new Map<string, ValidateFunction>();
  return <S extends keyof RequestShapes>(shape: S, value: unknown) => {
    const schema = schemaFor(shape, value);
    const validate = compiled.get(schema) ?? ajv.compile(schemas[schema]);
    compiled.set(schema, validate);
    if (validate(value)) return value as RequestShapes[S];
    const faults = (validate.errors ?? []).map((error) => describe(error, schema));
    throw new RequestError(400, 'usage', `the body does not fit: ${faults.join('; ')}`);
  };
}

/** One schema, and not the choice of two, so that a fault is told for what was meant. */
function schemaFor(shape: keyof RequestShapes, value: unknown): SchemaName {
  if (shape !== 'start') return shape;
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return keys.length === 1 && keys[0] === 'name' ? 'known' : 'workflow';
}

function describe({ instancePath, keyword, params, message }: ErrorObject, schema: SchemaName): string {
  const where = instancePath === '' ? 'it' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword !== 'additionalProperties') return `${where} ${message}`;
  const key = String(params.additionalProperty);
  const known = Object.keys((schemas[schema] as { properties: object }).properties);
  const nearest = instancePath === '' ? nearestWord(key, known) : undefined;
  return `${where} has the unknown key ${JSON.stringify(key)}${nearest === undefined ? '' : ` (did you mean "${nearest}"?)`}`;
}
