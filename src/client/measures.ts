import type { WorkflowStatus } from '../workflow/index.ts';
import { sum } from './words.ts';

/** What a watcher shows of a status besides its counts. */
export interface Measures {
  /** Messages a second at the sink over the last few seconds. */
  readonly rate: number;
  /** Share of the source that has been read, 0 to 1; undefined where its size is not known. */
  readonly share: number | undefined;
  /** Seconds to go at the present rate. */
  readonly eta: number | undefined;
}

/** Answers the measures of each status in turn; keeps the last five seconds. */
export function createMeasurer(): (status: WorkflowStatus) => Measures {
  const span = 5_000;
  const seen: { elapsed: number; out: number; done: number }[] = [];
  return (status) => {
    const { done, total } = progressOf(status);
    const out = sum(status.sinks.map((sink) => sink.out)) + status.deadLetters;
    const now = { elapsed: status.elapsed, out, done };
    seen.push(now);
    while (seen.length > 2 && now.elapsed - (seen[0]?.elapsed ?? 0) > span) seen.shift();
    const first = seen[0] ?? now;
    const seconds = (now.elapsed - first.elapsed) / 1000;
    const perSecond = (change: number) => (seconds > 0 ? change / seconds : 0);
    const reading = perSecond(now.done - first.done);
    return {
      rate: perSecond(now.out - first.out),
      share: total === undefined || total === 0 ? undefined : Math.min(1, done / total),
      eta: total === undefined || reading <= 0 ? undefined : Math.max(0, (total - done) / reading),
    };
  };
}

/** How far the sources are together: in the unit of the only one; of several, whose units differ, nothing is known. */
function progressOf({ sources }: WorkflowStatus): {
  readonly done: number;
  readonly total: number | undefined;
} {
  const [only] = sources;
  if (only === undefined || sources.length > 1) return { done: 0, total: undefined };
  return { done: only.progress.done, total: only.progress.total };
}
