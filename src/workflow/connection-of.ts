import { connectionFor, findConnection, type NamedConnection } from '../connectors/connections/index.ts';
import type { Findings } from '../types/index.ts';
import type { FlatElement } from './flatten.ts';
import { nameSpan } from './name-text.ts';
import type { ResolvedConnector } from './resolve-connector.ts';
import type { Binding } from './syntax-tree.ts';

/**
 * The name of the connection: the one that is asked for, else the one that the text names, else the one of the system's name. Undefined where none to
 * the system is configured, of which the connector's own `check` speaks.
 */
export function connectionOf(
  binding: Binding | undefined,
  { element }: FlatElement,
  { name, written }: ResolvedConnector,
  connections: readonly NamedConnection[],
  findings: Findings,
): string | undefined {
  const value = binding?.value;
  if (value !== undefined && value.kind !== 'text') {
    findings.error(
      'wrong-parameter',
      value.span,
      `the connection of ${name} must be a name in quotation marks`,
    );
    return undefined;
  }
  const asked = value?.text;
  // What stands around several systems is meant for the ends of its own.
  const system = asked === undefined ? undefined : findConnection(asked, connections)?.system;
  const isForOthers =
    system !== undefined && system !== name && !element.bindings.some((each) => each === binding);
  const choice = connectionFor(written, isForOthers ? undefined : asked, name, connections);
  if ('message' in choice) {
    findings.error('unknown-connection', value?.span ?? element.span, choice.message, { hint: choice.hint });
    return undefined;
  }
  const own = connections.filter((each) => each.system === name);
  if (choice.connection === undefined && own.length > 0) {
    const names = own.map((each) => `{ connection = ${JSON.stringify(each.name)} }`);
    findings.error(
      'connection-needed',
      nameSpan(element),
      `it is not said which connection to ${name} is meant`,
      {
        hint: `write ${names.join(' or ')}`,
      },
    );
  }
  return choice.connection;
}
