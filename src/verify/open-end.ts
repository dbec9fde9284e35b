import { findConnection, loadConnections, resolveConnection } from '../connectors/connections/index.ts';
import { type Connector, connectors, findConnector, type OpenContext } from '../connectors/index.ts';
import type { ConnectorPlan } from '../workflow/index.ts';
import type { Counterpart } from './counterpart.ts';

/** Opens the other sides of a workflow's ends, with its own connections. */
export interface EndOpener {
  sink(end: ConnectorPlan, counterpart: Counterpart): ReturnType<NonNullable<Connector['sink']>['open']>;
  source(end: ConnectorPlan, counterpart: Counterpart): ReturnType<NonNullable<Connector['source']>['open']>;
}

export interface EndOpenerOptions {
  readonly connectionsFile: string;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** Client ids and groups derive from it. */
  readonly name: string;
  readonly signal: AbortSignal;
  log(line: string): void;
}

const messageLimit = 64 * 1024 * 1024;

export function createEndOpener(options: EndOpenerOptions): EndOpener {
  const { connectionsFile, folder, name, signal, log } = options;

  async function contextOf(
    end: ConnectorPlan,
    { parameters, positions }: Counterpart,
    side: 'input' | 'output',
  ): Promise<OpenContext> {
    return {
      parameters,
      type: end.type,
      format: end.format,
      folder,
      messageLimit,
      workflow: `${name}-${side}`,
      // What was written must be there for the workflow, also after a crash.
      durable: side === 'input',
      log,
      ...(positions === undefined ? {} : { positions }),
      ...(end.connection === undefined ? {} : { connection: await connectionOf(end.connection) }),
    };
  }

  async function connectionOf(wanted: string) {
    const { connections } = await loadConnections(connectionsFile, connectors);
    const found = findConnection(wanted, connections);
    if (found === undefined) throw new Error(`the plan names a connection ${wanted} that is not there`);
    return resolveConnection(found, signal);
  }

  return {
    async sink(end, counterpart) {
      const sink = findConnector(end.connector)?.sink;
      if (sink === undefined) throw new Error(`${end.connector} has no sink`);
      return sink.open(await contextOf(end, counterpart, 'input'));
    },
    async source(end, counterpart) {
      const source = findConnector(end.connector)?.source;
      if (source === undefined) throw new Error(`${end.connector} has no source`);
      return source.open(await contextOf(end, counterpart, 'output'));
    },
  };
}
