import type { Source } from '../../connectors/index.ts';
import type { Plan, PlanNode, SourceStatus, WorkflowStatus } from '../../workflow/index.ts';
import type { LatencyMeter } from './latency.ts';
import type { StageCounts } from './stage-options.ts';

/** Something for each node of a kind; a stage without a successor counts as a sink too. */
export function countsOf<T>(plan: Plan, kind: PlanNode['kind'], make: (label: string) => T): Map<number, T> {
  const counts = new Map<number, T>();
  for (const [index, node] of plan.nodes.entries()) {
    const isSinkStage = kind === 'sink' && node.kind === 'stage' && node.to.length === 0;
    if ((node.kind === kind || isSinkStage) && 'label' in node) counts.set(index, make(node.label));
  }
  return counts;
}

export function emptyCounts(label: string): StageCounts {
  return { label, in: 0, out: 0, dead: 0, retries: 0, replaced: 0, waiting: 0 };
}

/** What a source says of itself, and how much was read of it. */
export function statusOf(
  source: Source,
  counts: { readonly label: string; readonly in: number } | undefined,
): SourceStatus {
  const { unit, done, total: all, lag } = source.progress();
  const progress = {
    unit,
    done,
    ...(all === undefined ? {} : { total: all }),
    ...(lag === undefined ? {} : { lag }),
  };
  return { label: counts?.label ?? '', in: counts?.in ?? 0, progress };
}

export function latencyOf(meter: LatencyMeter): Pick<WorkflowStatus, 'latency'> {
  const [p50, p99] = [meter.quantile(0.5), meter.quantile(0.99)];
  return p50 === undefined || p99 === undefined ? {} : { latency: { p50, p99 } };
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
