import type { Connector } from '../connectors/index.ts';
import { nearestWord } from '../core/index.ts';
import type { Path, Reference } from './syntax-tree.ts';

type Side = 'source' | 'sink';

/** What the checks need to know of a connector; a Connector is one. */
export type ConnectorInfo = Pick<Connector, 'name' | 'aliases'> & {
  readonly [side in Side]?: { readonly schema: object; readonly short: string };
};

/** An end of a workflow: a connector, and the parameter that its short form gives. */
export interface ResolvedConnector {
  readonly name: string;
  readonly schema: object;
  readonly short?: { readonly name: string; readonly value: string };
}

/**
 * The connector that an element names at the head or the tail of a workflow: `file/in.ndjson`, `stdin`, `Sources.file`. Names ignore
 * case. Undefined where it names none; a message where the connector cannot stand there.
 */
export function resolveConnector(
  element: Reference | Path,
  side: Side,
  connectors: readonly ConnectorInfo[],
): ResolvedConnector | { readonly message: string; readonly hint?: string } | undefined {
  const { system, module } = systemOf(element);
  const name = system.toLowerCase();
  const found = connectors.find((connector) =>
    [connector.name, ...connector.aliases].some((known) => known.toLowerCase() === name),
  );
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
  if (element.kind === 'reference') return { name: found.name, schema: end.schema };
  if (end.short === '') return { message: `${found.name} takes no path`, hint: `write ${found.name} alone` };
  return { name: found.name, schema: end.schema, short: { name: end.short, value: element.path } };
}

/** Names of the connectors that can stand at a side. */
export function namesOf(connectors: readonly ConnectorInfo[], side: Side): readonly string[] {
  return connectors.filter((connector) => connector[side] !== undefined).map(({ name }) => name);
}

/** `Sources.file` and `Sinks.file` say which side they mean. */
function systemOf(element: Reference | Path): { readonly system: string; readonly module?: Side } {
  if (element.kind === 'path') return { system: element.system };
  const [, module, system] = /^(sources|sinks)\.([^.]+)$/i.exec(element.name) ?? [];
  if (module === undefined || system === undefined)
    return { system: element.version === undefined ? element.name : '' };
  return { system, module: module.toLowerCase() === 'sources' ? 'source' : 'sink' };
}
