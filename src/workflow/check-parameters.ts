import { Ajv, type ErrorObject } from 'ajv';
import type { Findings, Span } from '../types/index.ts';
import { reportMissing } from './bound-parameters.ts';
import type { ResolvedConnector } from './resolve-connector.ts';

/** Checks parameters against the schema of a connector's end; `placeOf` says where a parameter stands, also one that is missing. */
export type ParameterCheck = (
  parameters: Readonly<Record<string, unknown>>,
  connector: ResolvedConnector,
  placeOf: (parameter: string) => Span,
) => void;

/** Compiles each schema once, however often its connector stands in a workflow. */
export function createParameterCheck(findings: Findings): ParameterCheck {
  // Schemas are of connectors here: checking them against the schema of schemas would take longer than all else.
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, meta: false, validateSchema: false });
  return (parameters, { name, schema }, placeOf) => {
    const validate = ajv.compile(schema);
    if (validate(parameters)) return;
    for (const error of validate.errors ?? []) {
      const parameter = error.instancePath.split('/')[1];
      const missing = error.keyword === 'required' ? String(error.params.missingProperty) : undefined;
      if (parameter !== undefined) {
        const message = `the parameter ${parameter} of ${name} ${wording(error)}`;
        findings.error('wrong-parameter', placeOf(parameter), message);
      } else if (missing !== undefined) reportMissing(missing, '', name, placeOf(missing), findings);
      else findings.error('wrong-parameter', placeOf(''), `the parameters of ${name} ${wording(error)}`);
    }
  };
}

/** Names of the parameters that a schema has. */
export function propertiesOf(schema: object): readonly string[] {
  const properties: unknown = 'properties' in schema ? schema.properties : undefined;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function wording({ keyword, params, message }: ErrorObject): string {
  return keyword === 'enum' ? `must be one of ${params.allowedValues.join(', ')}` : (message ?? 'are wrong');
}
