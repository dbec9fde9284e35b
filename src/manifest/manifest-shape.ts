import type { BuildStep } from './manifest.ts';

/** A value that fits the schema of schema.ts: what {@link buildManifest} reads. */
export interface ManifestShape {
  readonly name: string;
  readonly version?: string;
  readonly stack: string | { readonly language: string; readonly version?: string };
  readonly api: string;
  readonly packages?: readonly string[];
  readonly entry?: string;
  readonly parent?: string;
  readonly files?: readonly string[];
  readonly commands?: readonly string[];
  readonly config?: Readonly<Record<string, ParameterShape>>;
  readonly limits?: LimitsShape;
  readonly network?: 'none' | 'open';
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly secrets?: readonly string[];
  readonly buildSecrets?: Readonly<Record<string, readonly BuildStep[]>>;
  readonly replicas?: number;
  readonly description?: string;
}

export type ParameterShape =
  | string
  | { readonly type: string; readonly default?: unknown; readonly description?: string };

export interface LimitsShape {
  readonly memory?: string | number;
  readonly cpu?: number;
  readonly pids?: number;
  readonly timeout?: string | number;
  readonly startTimeout?: string | number;
  readonly message?: string | number;
}
