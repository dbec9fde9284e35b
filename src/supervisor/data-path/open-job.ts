import { join } from 'node:path';
import type { Sink, Source } from '../../connectors/index.ts';
import { NstackError } from '../../core/index.ts';
import { connectEngine } from '../../engine/index.ts';
import type { Plan } from '../../workflow/index.ts';
import type { DataPathJob } from '../messages.ts';
import { claimFolder } from '../old-data-path.ts';
import { createTraceFile } from '../state/trace-file.ts';
import { createOpener, type Print } from './create-opener.ts';
import { createDeadLetterFile } from './dead-letters.ts';
import { createFlow, type Flow } from './flow.ts';
import { createJournal } from './journal/create-journal.ts';
import type { DeadLetterKeeper, Journal } from './journal.ts';
import { openVault, type Vault } from './open-vault.ts';
import { positionKey } from './position-key.ts';
import type { ReplayResult } from './replay.ts';
import { replayLetters } from './replay-letters.ts';

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
  for (const warning of vault.warnings) log('connections')('warn', warning);
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
            const key = node?.kind === 'source' ? positionKey(plan, node) : undefined;
            if (key === undefined) return undefined;
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
      // One after the other, so that a letter that is asked for twice is sent once.
      const result = replayed.then(() => replayLetters(flow, journal, ids));
      replayed = result.catch(() => {});
      return result;
    },
  };
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
