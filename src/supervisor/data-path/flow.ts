import type { Sink, Source } from '../../connectors/index.ts';
import { NstackError } from '../../core/index.ts';
import { compileValidator } from '../../types/index.ts';
import type { RetryPolicy, TraceRecord, WorkflowOutcome, WorkflowStatus } from '../../workflow/index.ts';
import { createCommitter } from './committer.ts';
import { compose, type Inlets, type SinkCounts } from './compose.ts';
import { countsOf, emptyCounts, latencyOf, statusOf, total } from './flow-counts.ts';
import { createGate } from './gate.ts';
import type { DeadLetterKeeper } from './journal.ts';
import { createLatencyMeter } from './latency.ts';
import { createBook, createLedger, type Ledger } from './ledger.ts';
import { type OpenLanesOptions, openLanes } from './open-lanes.ts';
import { originFor } from './origin-for.ts';
import { createReader, type Reader, type ReadingEnd } from './reader.ts';
import type { ReplayLetter, ReplayResult } from './replay.ts';
import { createReplayer } from './replay.ts';
import { createTracer, type Tracer } from './trace.ts';

export interface FlowOptions extends OpenLanesOptions {
  /** By index of their node. */
  readonly sources: ReadonlyMap<number, Source>;
  readonly sinks: ReadonlyMap<number, Sink>;
  readonly deadLetters: DeadLetterKeeper;
  readonly retry: RetryPolicy;
  /** What remembers how far a source has come, before the source itself is told; undefined where nobody needs to. */
  remember?(node: number): Remember | undefined;
  /** Told of the way of each batch; left out: nobody asks, and nothing is noted. */
  onTrace?(record: TraceRecord): void;
  /** Told once every instance is there and the sources are read. */
  onRunning?(): void;
}

export type Remember = (partition: string, position: unknown) => Promise<void>;

/**
 * A workflow's data path from its sources to its sinks. `run` resolves when all is over; the flow then has closed its instances, its
 * sources and its sinks. `stop` ends in order: nothing more is read, what is on its way goes on to the sinks. `stopNow` gives up.
 */
export interface Flow {
  run(): Promise<WorkflowOutcome>;
  stop(): void;
  stopNow(reason: unknown): void;
  /** Nothing more is read until `resume`; what was read goes on. */
  pause(): void;
  resume(): void;
  /** Sends dead letters once more to the nodes that gave them up; resolves when each has ended again. */
  replay(letters: readonly ReplayLetter[]): Promise<ReplayResult>;
  status(): WorkflowStatus;
}

/**
 * Milliseconds between two positions of a partition that go to the journal: a sync for each batch would be a tenth of the data path's CPU. What a crash makes
 * come again is that much more.
 */
const restOfJournal = 50;

export function createFlow(options: FlowOptions): Flow {
  const { plan, sources, sinks, deadLetters } = options;
  const json = compileValidator({ kind: 'json' }, 'input');
  const failing = Promise.withResolvers<never>();
  failing.promise.catch(() => {});
  const book = createBook();
  const replayed = createBook();
  const gate = createGate();
  const sourceCounts = countsOf(plan, 'source', (label) => ({ label, in: 0 }));
  const stageCounts = countsOf(plan, 'stage', emptyCounts);
  const sinkCounts = countsOf(plan, 'sink', (label): SinkCounts => ({ label, out: 0 }));
  const lanes = openLanes(options, stageCounts);
  const latency = createLatencyMeter();
  /** Positions that a sink has committed together with its results. */
  const transacted = new Map<string, unknown>();
  const committers = new Map([...sources].map(([node, source]) => [node, createCommitterOf(node, source)]));
  const ledgers = new Map<number, Ledger>(
    [...sources.keys()].map((node) => [
      node,
      createLedger(book, (position, partition) => committers.get(node)?.commit(position, partition), {
        onComplete: latency.record,
        ...tracerOf(node),
      }),
    ]),
  );
  let readers: readonly Reader[] = [];
  let wish: ReadingEnd | undefined;
  let replayer: ReturnType<typeof createReplayer> | undefined;
  let phase: WorkflowStatus['phase'] = 'starting';
  let began: number | undefined;
  let ended: number | undefined;

  function tracerOf(node: number): { readonly tracer?: Tracer } {
    const { onTrace } = options;
    if (onTrace === undefined) return {};
    return { tracer: createTracer(sourceCounts.get(node)?.label ?? '', onTrace) };
  }

  function createCommitterOf(node: number, source: Source) {
    const remember = options.remember?.(node);
    return createCommitter({
      async carry(position, partition) {
        if (transacted.get(partition) === position) return;
        await remember?.(partition, position);
        await source.commit(position, partition);
      },
      rest: remember === undefined ? 0 : restOfJournal,
      onFailure: failing.reject,
    });
  }

  function end(how: ReadingEnd): void {
    wish ??= how;
    for (const reader of readers) reader.end(how);
  }

  function openReaders(inlets: Inlets): readonly Reader[] {
    return [...sources].flatMap(([node, source]) => {
      const [ledger, outlet, counts] = [ledgers.get(node), inlets.get(node), sourceCounts.get(node)];
      if (ledger === undefined || outlet === undefined || counts === undefined) return [];
      const onRead = (count: number) => {
        began ??= performance.now();
        counts.in += count;
      };
      return [createReader({ label: counts.label, source, ledger, outlet, deadLetters, gate, onRead })];
    });
  }

  async function flow(): Promise<ReadingEnd> {
    await Promise.all([...lanes.values()].flat().map((lane) => lane.ready()));
    const { retry } = options;
    const onFailure = failing.reject;
    const origin = await originFor(plan, sources, sinks);
    const inlets = compose({
      origin,
      onTransacted: (partition, position) => void transacted.set(partition, position),
      plan,
      lanes,
      sinks,
      stageCounts,
      sinkCounts,
      deadLetters,
      retry,
      json,
      onFailure,
    });
    replayer = createReplayer(plan, inlets, replayed);
    readers = openReaders(inlets);
    phase = gate.isOpen ? 'running' : 'paused';
    if (wish !== undefined) end(wish);
    options.onRunning?.();
    wholeEnough([...sinks.values()])?.then(() => end('complete'), onFailure);
    const ends = await Promise.all(readers.map((reader) => reader.run()));
    phase = 'draining';
    await replayer.close();
    await Promise.all([...sources.keys()].map((node) => inlets.get(node)?.end()));
    await Promise.all([...ledgers.values()].map((ledger) => ledger.drained()));
    await Promise.all([...committers.values()].map((committer) => committer.settled()));
    return ends.includes('stopped') ? 'stopped' : 'complete';
  }

  async function run(): Promise<WorkflowOutcome> {
    try {
      const how = await Promise.race([flow(), failing.promise]);
      ended = performance.now();
      await Promise.all([...sinks.values()].map((sink) => sink.finish(how)));
      phase = 'ended';
      return outcome(how);
    } catch (error) {
      await Promise.allSettled([...sinks.values()].map((sink) => sink.abandon()));
      throw error;
    } finally {
      ended ??= performance.now();
      await Promise.allSettled([
        ...[...sources.values()].map((source) => source.close()),
        ...[...lanes.values()].flat().map((lane) => lane.close()),
      ]);
      await deadLetters.close();
    }
  }

  function elapsed(): number {
    return began === undefined ? 0 : (ended ?? performance.now()) - began;
  }

  function outcome(how: ReadingEnd): WorkflowOutcome {
    const read = total([...sourceCounts.values()].map((source) => source.in));
    const out = total([...sinkCounts.values()].map((sink) => sink.out));
    const entered = read + book.split + replayed.read + replayed.split;
    const base = {
      how,
      in: read,
      out,
      deadLetters: deadLetters.count,
      // Counted at the ends of the workflow, apart from the book that says when a batch is complete.
      lost: entered - book.dropped - replayed.dropped - out - deadLetters.count,
      milliseconds: elapsed(),
      where: [...sinks.values()].map((sink) => sink.where).join(', '),
    };
    return deadLetters.count === 0 ? base : { ...base, deadLetterFile: deadLetters.where };
  }

  return {
    run,
    stop: () => end('stopped'),
    stopNow: (reason) => failing.reject(reason),
    pause() {
      gate.shut();
      if (phase === 'running') phase = 'paused';
    },
    resume() {
      gate.open();
      if (phase === 'paused') phase = 'running';
    },
    async replay(letters) {
      if (replayer === undefined) throw new NstackError('usage', `${plan.name} is still starting`);
      if ([...sinks.values()].some(({ transactions }) => transactions !== undefined)) {
        const reason = 'an exactly-once workflow takes messages from its source alone: send it to the topic';
        return { ended: [], failed: 0, refused: letters.map(({ id }) => ({ id, reason })) };
      }
      return replayer.replay(letters);
    },
    status: () => ({
      phase,
      elapsed: elapsed(),
      sources: [...sources].map(([node, source]) => statusOf(source, sourceCounts.get(node))),
      stages: [...stageCounts.values()].map((stage) => ({ ...stage })),
      sinks: [...sinkCounts.values()].map((sink) => ({ ...sink })),
      deadLetters: deadLetters.count,
      pending: total([...ledgers.values()].map((ledger) => ledger.pending)),
      ...latencyOf(latency),
    }),
  };
}

/** When every sink wants no more; undefined where one of them never says so. */
function wholeEnough(sinks: readonly Sink[]): Promise<unknown> | undefined {
  const enough = sinks.flatMap((sink) => (sink.enough === undefined ? [] : [sink.enough]));
  return sinks.length > 0 && enough.length === sinks.length ? Promise.all(enough) : undefined;
}
