import {
  type Connection,
  type Connector,
  findConnector,
  type OpenContext,
  type Sink,
  type Source,
} from '../../connectors/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { openService } from '../../registry/open-service.ts';
import type { ConnectorPlan, ServiceLog, ServicePlan, SourceNode } from '../../workflow/index.ts';
import type { DataPathJob } from '../messages.ts';
import type { Journal } from './journal.ts';
import type { OpenInstance } from './lane.ts';
import type { Vault } from './open-vault.ts';
import { positionKey } from './position-key.ts';
import { createServiceSource } from './service-source.ts';

/** Prints for one part of the workflow. */
export type Print = (level: ServiceLog['level'], message: string) => void;

/** Opens what a plan names: sources, sinks and instances, each with what its connector or service needs. */
export function createOpener(
  job: DataPathJob,
  engine: ContainerEngine,
  vault: Vault,
  journal: Journal | undefined,
  log: (label: string) => Print,
  signal: AbortSignal,
) {
  const { plan, folder, keep, rows } = job;
  const keys = plan.nodes.some((node) => node.kind === 'stage' && node.service.settings.order === 'key');
  const manifests = plan.nodes.flatMap((node) => (node.kind === 'stage' ? [node.service.manifest] : []));
  const messageLimit = Math.max(...manifests.map(({ limits }) => limits.message), 16 * 1024 * 1024);

  function contextOf(side: ConnectorPlan, label: string, connection: Connection | undefined): OpenContext {
    return {
      parameters: side.parameters,
      type: side.type,
      format: side.format,
      folder,
      messageLimit,
      workflow: plan.name,
      durable: keep.kind === 'folder',
      keys,
      ...(keep.kind === 'folder' ? { stateFolder: keep.path } : {}),
      ...(connection === undefined ? {} : { connection }),
      ...(rows === undefined ? {} : { rows }),
      log: (line) => log(label)('info', line),
    };
  }

  async function connectorContext(side: ConnectorPlan, label: string): Promise<OpenContext> {
    const connection = side.connection === undefined ? undefined : await vault.connection(side.connection);
    return contextOf(side, label, connection);
  }

  return {
    /** Asks every connector for faults that can be known before the start. */
    async check(): Promise<void> {
      for (const node of plan.nodes) {
        if (node.kind === 'source' && node.from.kind === 'connector')
          await sideOf(node.from, 'source').check(await connectorContext(node.from, node.label));
        if (node.kind === 'sink')
          await sideOf(node.into, 'sink').check(await connectorContext(node.into, node.label));
      }
    },
    async source(node: SourceNode): Promise<Source> {
      const { from, label } = node;
      const key = positionKey(plan, node);
      const positions = key === undefined ? undefined : await journal?.positions(key);
      if (from.kind === 'service') {
        return createServiceSource({
          label,
          open: () => this.service(from, label),
          functionName: from.function,
          positions,
          log: (line) => log(label)('warn', line),
          ...(rows === undefined ? {} : { rows }),
        });
      }
      const context = { ...(await connectorContext(from, label)), node: plan.nodes.indexOf(node) };
      return sideOf(from, 'source').open(positions === undefined ? context : { ...context, positions });
    },
    async sink(into: ConnectorPlan, label: string): Promise<Sink> {
      return sideOf(into, 'sink').open(await connectorContext(into, label));
    },
    async service(service: ServicePlan, label: string): Promise<OpenInstance> {
      const print = log(label);
      return openService(engine, service.image, service.manifest, {
        parameters: service.parameters,
        secrets: await vault.secrets(service.manifest),
        signal,
        onEvent: (event) => {
          if (event.kind === 'log') print(event.level, event.message);
        },
        onLogLine: (line) => print('print', line),
      });
    },
  };
}

function sideOf<S extends 'source' | 'sink'>(plan: ConnectorPlan, side: S): NonNullable<Connector[S]> {
  const found = findConnector(plan.connector)?.[side];
  if (found === undefined) throw new Error(`the plan names a ${side} ${plan.connector} that is not there`);
  return found;
}
