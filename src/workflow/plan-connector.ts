import { Ajv, type ErrorObject } from 'ajv';
import { nearestWord } from '../core/index.ts';
import type { Findings, Span, Type } from '../types/index.ts';
import { bindParameters, reportMissing } from './bound-parameters.ts';
import type { FlatElement } from './flatten.ts';
import { nameSpan } from './name-text.ts';
import type { ConnectorPlan } from './plan.ts';
import type { ConnectionName, ResolvedConnector } from './resolve-connector.ts';
import type { Binding } from './syntax-tree.ts';
import { jsonOf } from './values.ts';

const formats = ['text', 'json', 'bytes'] as const;

/** The plan of a source or a sink of messages of a type, its parameters checked against its schema. What was inherited goes in `used`. */
export function planConnector(
  flat: FlatElement,
  connector: ResolvedConnector,
  type: Type,
  connections: readonly ConnectionName[],
  used: Set<Binding>,
  findings: Findings,
): ConnectorPlan {
  const { name, schema, short, connects } = connector;
  // A parameter of the connector's own goes before what all have.
  const common = ['format', ...(connects ? ['connection'] : [])].filter(
    (each) => !propertiesOf(schema).includes(each),
  );
  const known = [...propertiesOf(schema), ...common];
  const { bindings, inherited } = bindParameters(flat, known, name, findings);
  for (const binding of inherited) used.add(binding);
  const own = flat.element.bindings.find((binding) => binding.name === short?.name);
  if (own !== undefined) {
    findings.error('duplicate-parameter', own.span, `${own.name} is given twice: ${name}/... gives it too`);
  }
  const parameters: Record<string, unknown> = {};
  for (const binding of bindings.values()) {
    if (!common.includes(binding.name)) parameters[binding.name] = JSON.parse(jsonOf(binding.value));
  }
  if (short !== undefined) parameters[short.name] = short.value;
  checkParameters(
    parameters,
    connector,
    (parameter) => bindings.get(parameter)?.value.span ?? flat.element.span,
    findings,
  );
  const asked = common.includes('connection') ? bindings.get('connection') : undefined;
  const connection = connects ? connectionOf(asked, flat, connector, connections, findings) : undefined;
  return {
    kind: 'connector',
    connector: name,
    ...(connection === undefined ? {} : { connection }),
    parameters,
    type,
    format: formatOf(bindings.get('format'), type, connector, findings),
  };
}

/**
 * The name of the connection: the one that is asked for, else the one that the short form names, else the only one of the system. Undefined where none is
 * configured, of which the connector's own `check` speaks.
 */
function connectionOf(
  asked: Binding | undefined,
  { element }: FlatElement,
  { name, connection }: ResolvedConnector,
  connections: readonly ConnectionName[],
  findings: Findings,
): string | undefined {
  const own = connections.filter(({ system }) => system === name).map((each) => each.name);
  if (asked !== undefined) {
    const { value } = asked;
    const wanted = value.kind === 'text' ? value.text : undefined;
    if (wanted !== undefined && own.includes(wanted)) return wanted;
    const other = connections.find((each) => each.name === wanted);
    // Around several systems, it is meant for those of its own.
    if (other === undefined || element.bindings.includes(asked)) {
      const nearest = wanted === undefined ? undefined : nearestWord(wanted, own);
      const there =
        own.length === 0 ? `no connection to ${name} is configured` : `there are ${own.join(', ')}`;
      const message =
        wanted === undefined
          ? `the connection of ${name} must be a name in quotation marks`
          : other === undefined
            ? `there is no connection ${wanted}`
            : `the connection ${wanted} is one to ${other.system}, not to ${name}`;
      findings.error('unknown-connection', value.span, message, {
        hint: nearest === undefined ? there : `did you mean "${nearest}"?`,
      });
      return undefined;
    }
  }
  if (connection !== undefined || own.length < 2) return connection ?? own[0];
  findings.error('connection-needed', nameSpan(element), `there are several connections to ${name}`, {
    hint: `say which one: ${own.map((each) => `{ connection = ${JSON.stringify(each)} }`).join(' or ')}`,
  });
  return undefined;
}

function propertiesOf(schema: object): readonly string[] {
  const properties: unknown = 'properties' in schema ? schema.properties : undefined;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function checkParameters(
  parameters: Readonly<Record<string, unknown>>,
  { name, schema }: ResolvedConnector,
  placeOf: (parameter: string) => Span,
  findings: Findings,
): void {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false });
  const validate = ajv.compile(schema);
  if (validate(parameters)) return;
  for (const error of validate.errors ?? []) {
    const parameter = error.instancePath.split('/')[1];
    const missing = error.keyword === 'required' ? String(error.params.missingProperty) : undefined;
    if (parameter !== undefined) {
      findings.error(
        'wrong-parameter',
        placeOf(parameter),
        `the parameter ${parameter} of ${name} ${wording(error)}`,
      );
    } else if (missing !== undefined) reportMissing(missing, '', name, placeOf(missing), findings);
    else findings.error('wrong-parameter', placeOf(''), `the parameters of ${name} ${wording(error)}`);
  }
}

function wording({ keyword, params, message }: ErrorObject): string {
  return keyword === 'enum' ? `must be one of ${params.allowedValues.join(', ')}` : (message ?? 'are wrong');
}

/** The format that is asked for, else the one of the type: text for Text, bytes for Bytes, json for all others. */
function formatOf(
  binding: Binding | undefined,
  type: Type,
  { name, schema }: ResolvedConnector,
  findings: Findings,
): ConnectorPlan['format'] {
  const kind = kindOf(type);
  const natural = kind === 'text' || kind === 'bytes' ? kind : 'json';
  if (binding === undefined) return natural;
  const { value } = binding;
  const asked = formats.find((format) => value.kind === 'text' && value.text === format);
  if (asked === undefined) {
    const hint =
      propertiesOf(schema).includes('as') && value.kind === 'text'
        ? `how a file is read is said by as: as = "${value.text}"`
        : undefined;
    findings.error('wrong-parameter', value.span, `the format of ${name} must be text, json or bytes`, {
      hint,
    });
  } else if (asked !== 'json' && asked !== natural) {
    const fitting = asked === 'text' ? 'Text' : 'Bytes';
    findings.error('wrong-parameter', value.span, `the format ${asked} is for messages of type ${fitting}`, {
      hint: 'take json',
    });
  }
  return asked ?? natural;
}

function kindOf(type: Type): Type['kind'] {
  return type.kind === 'named' ? kindOf(type.target) : type.kind;
}
