import type { Sink, Source, SourceBatch } from '../../connectors/index.ts';
import { compileValidator } from '../../types/index.ts';
import type { Plan, WorkflowOutcome, WorkflowStatus } from '../../workflow/index.ts';
import { createBatchLedger } from './batch.ts';
import { createBlock } from './block.ts';
import type { DeadLetterFile } from './dead-letters.ts';
import { createInterrupt } from './interrupt.ts';
import { createLane, type Lane, type OpenInstance } from './lane.ts';
import { createSinkOutlet } from './sink-outlet.ts';
import { createStage, type Outlet, type StageCounts } from './stage.ts';

export interface FlowOptions {
  readonly plan: Plan;
  readonly source: Source;
  readonly sink: Sink;
  readonly deadLetters: DeadLetterFile;
  readonly attempts: number;
  /** Starts one instance of a stage, handshake done. */
  openInstance(stage: number): Promise<OpenInstance>;
  onReplaced(stage: number, reason: string): void;
}

/**
 * A workflow's data path from its source to its sink. `run` resolves when all is over; the flow then has closed its instances, the
 * source and the sink. `stop` ends in order: nothing more is read, what is on its way goes on to the sink. `stopNow` gives up.
 */
export interface Flow {
  run(): Promise<WorkflowOutcome>;
  stop(): void;
  stopNow(reason: unknown): void;
  status(): WorkflowStatus;
}

export function createFlow(options: FlowOptions): Flow {
  const { plan, source, sink, deadLetters } = options;
  const json = compileValidator({ kind: 'json' }, 'input');
  // What ends the reading before the source does: someone's wish, or a sink that wants no more, such as a closed pipe.
  const ending = createInterrupt<'stopped' | 'complete'>();
  const failing = Promise.withResolvers<never>();
  failing.promise.catch(() => {});
  const counts = plan.stages.map(({ label }) => emptyCounts(label));
  const lanes: Lane[][] = plan.stages.map((_, stage) => openLanes(options, stage, counts));
  let phase: WorkflowStatus['phase'] = 'starting';
  let began: number | undefined;
  let ended: number | undefined;
  let read = 0;
  let confirmed = 0;
  let commits: Promise<void> = Promise.resolve();

  const ledger = createBatchLedger((position) => {
    commits = commits.then(() => source.commit(position));
    commits.catch(failing.reject);
  });

  function compose(): Outlet {
    const end = createSinkOutlet(sink, json, {
      onConfirmed: (count) => {
        confirmed += count;
      },
      onFailure: failing.reject,
    });
    return plan.stages.reduceRight<Outlet>(
      (outlet, { label }, stage) =>
        createStage({
          label,
          lanes: lanes[stage] ?? [],
          outlet,
          deadLetters,
          attempts: options.attempts,
          json,
          counts: counts[stage] ?? emptyCounts(label),
          onFailure: failing.reject,
        }),
      end,
    );
  }

  async function accept(batch: SourceBatch, first: Outlet): Promise<void> {
    began ??= performance.now();
    read += batch.count + batch.rejected.length;
    const acknowledged = ledger.open(batch.count + batch.rejected.length, batch.position);
    const kept = batch.rejected.map(({ payload, message, place }) =>
      deadLetters
        .keep({
          stage: plan.source.connector,
          error: { code: -32602, message },
          attempts: 0,
          place,
          payload,
          json: false,
        })
        .then(() => acknowledged.settle(1)),
    );
    if (batch.count > 0) {
      await first.push(createBlock(batch.items, batch.count, [{ batch: acknowledged, count: batch.count }]));
    }
    await Promise.all(kept);
  }

  async function flow(): Promise<'complete' | 'stopped'> {
    await Promise.all(lanes.flat().map((lane) => lane.ready()));
    phase = 'running';
    const first = compose();
    const abort = new AbortController();
    const batches = source.read(abort.signal)[Symbol.asyncIterator]();
    sink.enough?.then(() => ending.fire('complete'), failing.reject);
    let how: 'complete' | 'stopped' = 'complete';
    for (;;) {
      const next = await ending.race(batches.next());
      if (typeof next === 'string') {
        how = next;
        abort.abort();
        break;
      }
      if (next.done === true) break;
      await accept(next.value, first);
    }
    phase = 'draining';
    await first.end();
    await ledger.drained();
    await commits;
    return how;
  }

  async function run(): Promise<WorkflowOutcome> {
    try {
      const how = await Promise.race([flow(), failing.promise]);
      ended = performance.now();
      await sink.finish(how);
      phase = 'ended';
      return outcome(how);
    } catch (error) {
      await sink.abandon().catch(() => {});
      throw error;
    } finally {
      ended ??= performance.now();
      await Promise.allSettled([source.close(), ...lanes.flat().map((lane) => lane.close())]);
      await deadLetters.close();
    }
  }

  function elapsed(): number {
    return began === undefined ? 0 : (ended ?? performance.now()) - began;
  }

  function outcome(how: 'complete' | 'stopped'): WorkflowOutcome {
    const base = {
      how,
      in: read,
      out: confirmed,
      deadLetters: deadLetters.count,
      lost: read - confirmed - deadLetters.count,
      milliseconds: elapsed(),
      where: sink.where,
    };
    return deadLetters.count === 0 ? base : { ...base, deadLetterFile: deadLetters.path };
  }

  return {
    run,
    stop: () => ending.fire('stopped'),
    stopNow: (reason) => failing.reject(reason),
    status: () => ({
      phase,
      elapsed: elapsed(),
      source: { label: plan.source.connector, in: read, progress: progressOf(source) },
      stages: counts.map((stage) => ({ ...stage })),
      sink: { label: plan.sink.connector, out: confirmed },
      deadLetters: deadLetters.count,
    }),
  };
}

function openLanes(options: FlowOptions, stage: number, counts: readonly StageCounts[]): Lane[] {
  const plan = options.plan.stages[stage];
  if (plan === undefined) return [];
  const { label, manifest } = plan;
  return Array.from({ length: manifest.replicas }, () =>
    createLane({
      label,
      functionName: plan.function,
      timeout: manifest.limits.timeout,
      open: () => options.openInstance(stage),
      onReplaced: (reason) => {
        const count = counts[stage];
        if (count !== undefined) count.replaced++;
        options.onReplaced(stage, reason);
      },
    }),
  );
}

function emptyCounts(label: string): StageCounts {
  return { label, in: 0, out: 0, dead: 0, retries: 0, replaced: 0, waiting: 0 };
}

function progressOf(source: Source): WorkflowStatus['source']['progress'] {
  const { unit, done, total } = source.progress();
  return total === undefined ? { unit, done } : { unit, done, total };
}
