import type { NamedConnection } from '../connectors/connections/index.ts';
import type { Findings, Type } from '../types/index.ts';
import { bindParameters } from './bound-parameters.ts';
import { type ParameterCheck, propertiesOf } from './check-parameters.ts';
import { connectionOf } from './connection-of.ts';
import type { FlatElement } from './flatten.ts';
import type { ConnectorPlan } from './plan.ts';
import type { ResolvedConnector } from './resolve-connector.ts';
import type { Binding } from './syntax-tree.ts';
import { jsonOf } from './values.ts';

const formats = ['text', 'json', 'bytes'] as const;

/** The plan of a source or a sink of messages of a type, its parameters checked against its schema. What was inherited goes in `used`. */
export function planConnector(
  flat: FlatElement,
  connector: ResolvedConnector,
  type: Type,
  connections: readonly NamedConnection[],
  check: ParameterCheck,
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
  check(parameters, connector, (parameter) => bindings.get(parameter)?.value.span ?? flat.element.span);
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
