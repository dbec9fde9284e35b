import type { Plan } from '../../workflow/index.ts';
import { createLane, type Lane, type OpenInstance } from './lane.ts';
import type { StageCounts } from './stage-options.ts';

export interface OpenLanesOptions {
  readonly plan: Plan;
  /** Starts one instance of a stage, handshake done. */
  openInstance(node: number): Promise<OpenInstance>;
  onReplaced(node: number, reason: string): void;
}

/** The lanes of each stage, by index of its node: as many as the workflow, or else the manifest, says. */
export function openLanes(
  options: OpenLanesOptions,
  counts: ReadonlyMap<number, StageCounts>,
): ReadonlyMap<number, readonly Lane[]> {
  const lanes = new Map<number, readonly Lane[]>();
  for (const [index, node] of options.plan.nodes.entries()) {
    if (node.kind !== 'stage') continue;
    const { service, label } = node;
    const { replicas = service.manifest.replicas, timeout = service.manifest.limits.timeout } =
      service.settings;
    const open = () =>
      createLane({
        label,
        functionName: service.function,
        timeout,
        open: () => options.openInstance(index),
        onReplaced: (reason) => {
          const count = counts.get(index);
          if (count !== undefined) count.replaced++;
          options.onReplaced(index, reason);
        },
      });
    lanes.set(index, Array.from({ length: replicas }, open));
  }
  return lanes;
}
