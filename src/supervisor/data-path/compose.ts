import type { Sink } from '../../connectors/index.ts';
import type { Validator } from '../../types/index.ts';
import type { CallOrder, Plan, PlanNode, RetryPolicy } from '../../workflow/index.ts';
import { createConcatOutlet } from './concat-outlet.ts';
import { createDeadEnd, createFanOut, createJunction } from './fan-out.ts';
import { createFilterOutlet } from './filter-outlet.ts';
import type { DeadLetterKeeper } from './journal.ts';
import { createKeyedStage } from './keyed-stage.ts';
import type { Lane } from './lane.ts';
import type { Outlet } from './outlet.ts';
import { createSinkOutlet } from './sink-outlet.ts';
import { createStage } from './stage.ts';
import type { StageCounts, StageOptions } from './stage-options.ts';
import { createTransactionalOutlet } from './transactional-outlet.ts';

export interface SinkCounts {
  readonly label: string;
  out: number;
}

export interface ComposeOptions {
  readonly plan: Plan;
  /** By index of their node. */
  readonly lanes: ReadonlyMap<number, readonly Lane[]>;
  readonly sinks: ReadonlyMap<number, Sink>;
  readonly stageCounts: ReadonlyMap<number, StageCounts>;
  readonly sinkCounts: ReadonlyMap<number, SinkCounts>;
  readonly deadLetters: DeadLetterKeeper;
  readonly retry: RetryPolicy;
  readonly json: Validator;
  /** Of the only source, where a sink confirms its positions in transactions. */
  readonly origin: unknown;
  onTransacted(partition: string, position: unknown): void;
  onFailure(error: unknown): void;
}

/** Where messages enter a running workflow, by index of the node: for a source, what it gives to. */
export type Inlets = ReadonlyMap<number, Outlet>;

/** Builds the outlets of a plan's nodes, from its ends to its sources. */
export function compose(options: ComposeOptions): Inlets {
  const { nodes } = options.plan;
  const inlets = new Map<number, Outlet>();
  const junctions = new Map<number, Outlet>();
  const givers = countGivers(nodes);
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    if (node === undefined) continue;
    const inlet = inletOf(node, index);
    inlets.set(index, inlet);
    junctions.set(index, createJunction(inlet, givers.get(index) ?? 1));
  }
  return inlets;

  function inletOf(node: PlanNode, index: number): Outlet {
    switch (node.kind) {
      case 'sink':
        return sinkOf(node, index);
      case 'stage':
        return stageOf(node.service.settings.order, {
          label: node.label,
          lanes: required(options.lanes.get(index)),
          outlet: node.to.length === 0 ? confirming(index) : next(node.to),
          deadLetters: options.deadLetters,
          retry: { ...options.retry, ...attemptsOf(node.service.settings.attempts) },
          json: options.json,
          counts: required(options.stageCounts.get(index)),
          onFailure: options.onFailure,
        });
      case 'concat':
        return createConcatOutlet(next(node.to), options.json);
      case 'filter':
        return createFilterOutlet(next(node.to), options.json);
      case 'source':
        return next(node.to);
      default:
        return node satisfies never;
    }
  }

  function sinkOf({ label }: PlanNode & { readonly kind: 'sink' }, index: number): Outlet {
    const sink = required(options.sinks.get(index));
    const common = {
      label,
      json: options.json,
      deadLetters: options.deadLetters,
      onConfirmed: confirmedAt(index),
      onFailure: options.onFailure,
    };
    const { transactions } = sink;
    if (transactions === undefined) return createSinkOutlet({ ...common, sink });
    const { origin, onTransacted } = options;
    return createTransactionalOutlet({ ...common, transactions, origin, onTransacted });
  }

  function confirmedAt(index: number): (count: number) => void {
    return (count) => {
      required(options.sinkCounts.get(index)).out += count;
    };
  }

  function next(to: readonly number[]): Outlet {
    return createFanOut(to.map((index) => required(junctions.get(index))));
  }

  /** A service that is a sink has confirmed what it has answered. */
  function confirming(index: number): Outlet {
    return createDeadEnd('confirmed', confirmedAt(index));
  }
}

function stageOf(order: CallOrder | undefined, options: StageOptions): Outlet {
  return order === undefined ? createStage(options) : createKeyedStage({ ...options, order });
}

function countGivers(nodes: readonly PlanNode[]): ReadonlyMap<number, number> {
  const givers = new Map<number, number>();
  for (const node of nodes) {
    if (node.kind === 'sink') continue;
    for (const index of node.to) givers.set(index, (givers.get(index) ?? 0) + 1);
  }
  return givers;
}

function attemptsOf(attempts: number | undefined): { readonly attempts?: number } {
  return attempts === undefined ? {} : { attempts };
}

function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('the plan names what is not there');
  return found;
}
