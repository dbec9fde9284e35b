import type { Manifest } from '../manifest/index.ts';
import type { Type } from '../types/index.ts';

/**
 * A checked workflow: everything its start needs, and nothing that could still be wrong in the text. Plain, frozen, JSON. `nodes` is a graph without
 * cycles in which messages only go to later nodes: `source` nodes first. A node that gives to several gives each of them every message (fan-out); one that
 * several give to takes the messages of all (fan-in), in the order of each.
 */
export interface Plan {
  readonly name: string;
  /** The text it came from. */
  readonly text: string;
  readonly nodes: readonly PlanNode[];
}

export type PlanNode = SourceNode | StageNode | ConcatNode | FilterNode | SinkNode;

interface Giver {
  /** Indices of the nodes it gives to. */
  readonly to: readonly number[];
}

/** A source: a connector's, or a service's function `Void -> T`. */
export interface SourceNode extends Giver {
  readonly kind: 'source';
  readonly label: string;
  readonly from: ConnectorPlan | ServicePlan;
}

/** A service's function. Without `to` it is a sink: `T -> Void`. */
export interface StageNode extends Giver {
  readonly kind: 'stage';
  readonly label: string;
  readonly service: ServicePlan;
}

/** Postfix `*`: each list becomes its elements. */
export interface ConcatNode extends Giver {
  readonly kind: 'concat';
}

/** Postfix `?`: missing optionals are dropped. */
export interface FilterNode extends Giver {
  readonly kind: 'filter';
}

export interface SinkNode {
  readonly kind: 'sink';
  readonly label: string;
  readonly into: ConnectorPlan;
}

export interface ConnectorPlan {
  readonly kind: 'connector';
  /** Canonical name of the connector: `file`, `stdin`. */
  readonly connector: string;
  /** Name of the connection, where it needs one. */
  readonly connection?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly type: Type;
  readonly format: 'text' | 'json' | 'bytes';
}

export interface ServicePlan {
  readonly kind: 'service';
  readonly service: string;
  readonly version: string;
  /** Image reference pinned by id. */
  readonly image: string;
  readonly function: string;
  readonly input: Type;
  readonly output: Type;
  /** Values of the service's config parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** How the workflow wants the stage, where it says so. */
  readonly settings: StageSettings;
  readonly manifest: Manifest;
}

/** What a workflow can say of one stage besides its parameters; what it leaves out is the manifest's, or the run's. */
export interface StageSettings {
  readonly replicas?: number;
  /** Milliseconds that a call may take. */
  readonly timeout?: number;
  /** How often a message is tried in all. */
  readonly attempts?: number;
  /** What calls are in order of; left out: results alone are in order. */
  readonly order?: CallOrder;
}

/**
 * Messages with which calls come one after the other, in order, at one instance: those of one `key` as the source gives it, of one `partition`, or with one
 * value of a field, `.user.id`.
 */
export type CallOrder = 'key' | 'partition' | `.${string}`;
