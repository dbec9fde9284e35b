import { findConnection, type NamedConnection } from '../connectors/connections/index.ts';
import type { Connector } from '../connectors/index.ts';
import { nearestWord } from '../core/index.ts';
import type { Path, Reference } from './syntax-tree.ts';

export type Side = 'source' | 'sink';

/** What the checks need to know of a connector; a Connector is one. */
export type ConnectorInfo = Pick<Connector, 'name' | 'aliases'> & {
  readonly [side in Side]?: { readonly schema: object; readonly short: string };
} & {
  /** Something where its system is reached by connections. */
  readonly connection?: object;
};

/** An end of a workflow: a connector, and what its short form gives. */
export interface ResolvedConnector {
  readonly name: string;
  readonly schema: object;
  /** The main parameter. */
  readonly short?: { readonly name: string; readonly value: string };
  /** Whether its system is reached by connections. */
  readonly connects: boolean;
  /** What stands for the system in the text: the connector's name or alias, or the name of a connection. */
  readonly written: string;
}

/**
 * The connector that an element names at the head or the tail of a workflow: `file/in.ndjson`, `stdin`, `Sources.file`, or by the name of a
 * connection to its system. Names ignore case. Undefined where it names none; a message where the connector cannot stand there.
 */
export function resolveConnector(
  element: Reference | Path,
  side: Side,
  connectors: readonly ConnectorInfo[],
  connections: readonly NamedConnection[],
): ResolvedConnector | { readonly message: string; readonly hint?: string } | undefined {
  const { system, module } = systemOf(element);
  const found = find(system, connectors, connections);
  if (found === undefined) {
    if (module === undefined) return undefined;
    const nearest = nearestWord(system, namesOf(connectors, module));
    const hint =
      nearest === undefined
        ? `there are ${namesOf(connectors, module).join(', ')}`
        : `did you mean "${nearest}"?`;
    return { message: `there is no ${module} ${system}`, hint };
  }
  const end = found[side];
  if (end === undefined || (module !== undefined && module !== side)) {
    const hint = side === 'source' ? 'a workflow begins with a source' : 'a workflow ends with a sink';
    return {
      message: `${found.name} is no ${side}`,
      hint: `${hint}: ${namesOf(connectors, side).join(', ')}`,
    };
  }
  const resolved = {
    name: found.name,
    schema: end.schema,
    connects: found.connection !== undefined,
    written: system,
  };
  if (element.kind === 'reference') return resolved;
  if (end.short === '') return { message: `${found.name} takes no path`, hint: `write ${found.name} alone` };
  return { ...resolved, short: { name: end.short, value: element.path } };
}

/** Names of the connectors that can stand at a side. */
export function namesOf(connectors: readonly ConnectorInfo[], side: Side): readonly string[] {
  return connectors.filter((connector) => connector[side] !== undefined).map(({ name }) => name);
}

/** A connector by its name or alias, else by the name of a connection to its system. */
function find(
  system: string,
  connectors: readonly ConnectorInfo[],
  connections: readonly NamedConnection[],
): ConnectorInfo | undefined {
  const isNamed = (name: string) => name.toLowerCase() === system.toLowerCase();
  const known = connectors.find(({ name, aliases }) => [name, ...aliases].some(isNamed));
  if (known !== undefined) return known;
  const connection = findConnection(system, connections);
  return connectors.find(({ name }) => name === connection?.system);
}

/** `Sources.file` and `Sinks.file` say which side they mean. */
export function systemOf(element: Reference | Path): { readonly system: string; readonly module?: Side } {
  if (element.kind === 'path') return { system: element.system };
  const [, module, system] = /^(sources|sinks)\.([^.]+)$/i.exec(element.name) ?? [];
  if (module === undefined || system === undefined)
    return { system: element.version === undefined ? element.name : '' };
  return { system, module: module.toLowerCase() === 'sources' ? 'source' : 'sink' };
}
