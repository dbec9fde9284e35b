import { join } from 'node:path';
import {
  type Connection,
  type Connector,
  findConnector,
  type OpenContext,
  type Sink,
  type Source,
} from '../../connectors/index.ts';
import { NstackError } from '../../core/index.ts';
import { type ContainerEngine, connectEngine } from '../../engine/index.ts';
import { openService } from '../../registry/index.ts';
import type { ConnectorPlan, Plan, ServiceLog, ServicePlan, SourceNode } from '../../workflow/index.ts';
import type { DataPathJob } from '../messages.ts';
import { claimFolder } from '../old-data-path.ts';
import { createTraceFile } from '../state/trace-file.ts';
import { createDeadLetterFile } from './dead-letters.ts';
import { createFlow, type Flow } from './flow.ts';
import { createJournal } from './journal/create-journal.ts';
import type { DeadLetterKeeper, Journal } from './journal.ts';
import type { OpenInstance } from './lane.ts';
import { openVault, type Vault } from './open-vault.ts';
import type { ReplayLetter, ReplayResult } from './replay.ts';
import { createServiceSource } from './service-source.ts';

/** Prints for one part of the workflow. */
export type Print = (level: ServiceLog['level'], message: string) => void;

export interface OpenJobOptions {
  readonly signal: AbortSignal;
  /** The printer of a part, by its label. */
  log(label: string): Print;
  onRunning(): void;
}

/** A job with everything open that it needs, its instances on their way. */
export interface OpenedJob {
  readonly flow: Flow;
  /** Sends kept dead letters once more; those that need not be kept any longer are dropped. */
  replay(ids: readonly number[] | undefined): Promise<ReplayResult>;
  /** Lets go of what is not the flow's own, once that has ended. */
  close(): Promise<void>;
  /** The error, free of secrets. */
  withoutSecrets(error: unknown): unknown;
}

/** Opens the sources, the sinks and the journal of a job, and makes its flow. */
export async function openJob(job: DataPathJob, options: OpenJobOptions): Promise<OpenedJob> {
  const { plan } = job;
  const keeping = openKeeper(job);
  const [engine, vault, kept] = await Promise.all([
    connectEngine({ signal: options.signal }),
    openVault(job, options.signal),
    keeping,
  ]).catch(async (error: unknown) => {
    await keeping.then(({ keeper }) => keeper.close()).catch(() => {});
    throw error;
  });
  const log = (label: string): Print => {
    const print = options.log(label);
    return (level, message) => print(level, vault.redact(message));
  };
  const opener = createOpener(job, engine, vault, kept.journal, log, options.signal);
  const sources = new Map<number, Source>();
  const sinks = new Map<number, Sink>();
  try {
    await opener.check();
    for (const [index, node] of plan.nodes.entries()) {
      if (node.kind === 'source') sources.set(index, await opener.source(node));
      if (node.kind === 'sink') sinks.set(index, await opener.sink(node.into, node.label));
    }
  } catch (error) {
    await Promise.allSettled([
      ...[...sources.values()].map((source) => source.close()),
      ...[...sinks.values()].map((sink) => sink.abandon()),
      kept.keeper.close(),
    ]);
    throw vault.withoutSecrets(error);
  }
  const { journal } = kept;
  let replayed: Promise<unknown> = Promise.resolve();
  const traces = job.trace && job.keep.kind === 'folder' ? createTraceFile(job.keep.path) : undefined;
  const flow = createFlow({
    plan,
    sources,
    sinks,
    retry: job.retry,
    onRunning: options.onRunning,
    ...(traces === undefined ? {} : { onTrace: traces.append }),
    deadLetters: withRedaction(kept.keeper, vault),
    ...(journal === undefined
      ? {}
      : {
          remember: (index) => {
            const node = plan.nodes[index];
            if (node?.kind !== 'source' || !remembersHere(node)) return undefined;
            const key = positionKey(node);
            return (partition, position) => journal.commit(key, partition, position);
          },
        }),
    onReplaced: (index, reason) => log(labelOf(plan, index))('warn', `instance replaced: it ${reason}`),
    openInstance: (index) => {
      const node = plan.nodes[index];
      if (node?.kind !== 'stage') throw new Error(`node ${index} is no stage`);
      return opener.service(node.service, node.label);
    },
  });
  return {
    flow,
    close: async () => traces?.close(),
    withoutSecrets: (error) => vault.withoutSecrets(error),
    async replay(ids) {
      if (journal === undefined) throw new NstackError('usage', 'this run keeps its dead letters in a file');
      const replay = async () =>
        ids === undefined ? replayAll(flow, journal) : replaySome(flow, journal, await journal.letters(ids));
      // One after the other, so that a letter that is asked for twice is sent once.
      const result = replayed.then(replay);
      replayed = result.catch(() => {});
      return result;
    },
  };
}

/** A page after the other; those that fail again get ids behind the last one of now. */
async function replayAll(flow: Flow, journal: Journal): Promise<ReplayResult> {
  const last = await journal.lastId();
  const all: { ended: number[]; failed: number; refused: ReplayResult['refused'][number][] } = {
    ended: [],
    failed: 0,
    refused: [],
  };
  for (let after = 0; ; ) {
    const page = (await journal.page(after, replayedAtOnce)).filter(({ id }) => id <= last);
    if (page.length === 0) return all;
    const { ended, failed, refused } = await replaySome(flow, journal, page);
    all.ended.push(...ended);
    all.failed += failed;
    all.refused.push(...refused);
    after = page.at(-1)?.id ?? last;
  }
}

const replayedAtOnce = 1_000;

async function replaySome(
  flow: Flow,
  journal: Journal,
  letters: readonly ReplayLetter[],
): Promise<ReplayResult> {
  const result = await flow.replay(letters);
  if (result.ended.length > 0) await journal.drop(result.ended);
  return result;
}

async function openKeeper({
  plan,
  keep,
}: DataPathJob): Promise<{ readonly keeper: DeadLetterKeeper; readonly journal?: Journal }> {
  if (keep.kind === 'file') return { keeper: createDeadLetterFile(keep.path, plan.name) };
  await claimFolder(keep.path);
  const journal = await createJournal(join(keep.path, 'journal.db'), plan.name);
  return { keeper: journal, journal };
}

function createOpener(
  job: DataPathJob,
  engine: ContainerEngine,
  vault: Vault,
  journal: Journal | undefined,
  log: (label: string) => Print,
  signal: AbortSignal,
) {
  const { plan, folder, keep, rows } = job;
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
      const positions =
        journal !== undefined && remembersHere(node) ? await journal.positions(positionKey(node)) : undefined;
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

/** Whether the position of a source is kept in the journal. */
function remembersHere({ from }: SourceNode): boolean {
  return from.kind === 'service' || findConnector(from.connector)?.source?.remembers === 'nstack';
}

/** Names what a source reads, so that a position is never taken for one of something else. */
function positionKey({ from }: SourceNode): string {
  const name = from.kind === 'service' ? `${from.service}.${from.function}` : from.connector;
  return `${name} ${JSON.stringify(from.parameters)}`;
}

function labelOf(plan: Plan, index: number): string {
  const node = plan.nodes[index];
  return node !== undefined && 'label' in node ? node.label : '';
}

/** A service may put what it was given into its errors. */
function withRedaction(keeper: DeadLetterKeeper, vault: Vault): DeadLetterKeeper {
  return {
    ...keeper,
    get count() {
      return keeper.count;
    },
    keep: (letter) => keeper.keep({ ...letter, error: vault.redactValue(letter.error) }),
  };
}
