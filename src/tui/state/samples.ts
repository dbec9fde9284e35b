import { sum, type WorkflowStatus } from '../../client/index.ts';

/** Counts of a workflow at one moment. */
export interface Sample {
  /** Milliseconds, by the clock of its data path. */
  readonly elapsed: number;
  readonly in: number;
  readonly out: number;
  /** Of each source, stage and sink, in that order. */
  readonly nodes: readonly Counts[];
}

export interface Counts {
  readonly in: number;
  readonly out: number;
}

/** Messages a second. */
export interface Rates extends Counts {
  readonly nodes: readonly Counts[];
}

/** A minute of seconds has so many ends. */
const mostSamples = 61;
/** Rates are over so many seconds. */
const rateSpan = 5;

/** The samples with one more. They begin anew where counts fell, since then another data path counts. */
export function addSample(samples: readonly Sample[], status: WorkflowStatus | undefined): readonly Sample[] {
  if (status === undefined) return samples.length === 0 ? samples : [];
  const now = sampleOf(status);
  const last = samples.at(-1);
  const anew = last !== undefined && (now.elapsed < last.elapsed || now.in < last.in || now.out < last.out);
  return anew ? [now] : [...samples.slice(1 - mostSamples), now];
}

/** Undefined before the second sample. */
export function ratesOf(samples: readonly Sample[]): Rates | undefined {
  const last = samples.at(-1);
  const first = samples.at(-1 - rateSpan) ?? samples[0];
  if (last === undefined || first === undefined || first === last) return undefined;
  const seconds = (last.elapsed - first.elapsed) / 1000;
  const between = (from: Counts | undefined, to: Counts): Counts => ({
    in: rate(to.in - (from?.in ?? 0), seconds),
    out: rate(to.out - (from?.out ?? 0), seconds),
  });
  return {
    ...between(first, last),
    nodes: last.nodes.map((node, index) => between(first.nodes[index], node)),
  };
}

/** The rate of each second, the newest last. */
export function rateHistory(samples: readonly Sample[], side: 'in' | 'out'): readonly number[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] ?? sample;
    return rate(sample[side] - before[side], (sample.elapsed - before.elapsed) / 1000);
  });
}

function rate(change: number, seconds: number): number {
  return seconds > 0 ? Math.max(0, change / seconds) : 0;
}

function sampleOf({ elapsed, sources, stages, sinks }: WorkflowStatus): Sample {
  return {
    elapsed,
    in: sum(sources.map((source) => source.in)),
    out: sum(sinks.map((sink) => sink.out)),
    nodes: [
      ...sources.map((source) => ({ in: source.in, out: source.in })),
      ...stages.map((stage) => ({ in: stage.in, out: stage.out })),
      ...sinks.map((sink) => ({ in: sink.out, out: sink.out })),
    ],
  };
}
