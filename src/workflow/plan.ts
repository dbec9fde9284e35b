import type { Manifest } from '../manifest/index.ts';
import type { Type } from '../types/index.ts';

/** A checked workflow: everything its start needs, and nothing that could still be wrong in the text. Plain, frozen, JSON. */
export interface Plan {
  readonly name: string;
  /** The text it came from. */
  readonly text: string;
  readonly source: ConnectorPlan;
  readonly stages: readonly StagePlan[];
  readonly sink: ConnectorPlan;
}

export interface ConnectorPlan {
  /** Canonical name of the connector: `file`, `stdin`. */
  readonly connector: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly type: Type;
  readonly format: 'text' | 'json' | 'bytes';
}

export interface StagePlan {
  /** Label for people: `Clean`, or `Clean.clean` where that is not plain. */
  readonly label: string;
  readonly service: string;
  readonly version: string;
  /** Image reference pinned by id. */
  readonly image: string;
  readonly function: string;
  readonly input: Type;
  readonly output: Type;
  /** Values of the service's config parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly manifest: Manifest;
}
