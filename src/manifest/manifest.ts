import type { Api, Type } from '../types/index.ts';
import type { buildSteps } from './schema.ts';

/** A checked nstack.yaml. Plain, frozen data; what the author left out holds its default. */
export interface Manifest {
  /** True name, such as `org/Demo.NumChars` or `ClickAnalytics`. */
  readonly name: string;
  /** Semantic version; a version that ends in `-SNAPSHOT` may be replaced, any other is immutable. */
  readonly version: string;
  readonly stack: { readonly language: string; readonly version?: string };
  readonly api: Api;
  /** The text of `api` as written. */
  readonly apiText: string;
  readonly packages: readonly PackageRequest[];
  /** Path of the code below the service folder; undefined: the stack's default (service.py). */
  readonly entry?: string;
  readonly parent?: string;
  readonly files: readonly string[];
  readonly commands: readonly string[];
  readonly config: readonly ConfigParameter[];
  readonly limits: Limits;
  readonly network: 'none' | 'open';
  readonly env: Readonly<Record<string, string>>;
  /** Names of secrets that the service gets at run time as files /run/secrets/NAME; never values. */
  readonly secrets: readonly string[];
  /** Secrets that steps of the build get; never values. */
  readonly buildSecrets: readonly BuildSecret[];
  readonly replicas: number;
  readonly description?: string;
}

/** A step of a build that may have secrets. */
export type BuildStep = (typeof buildSteps)[number];

export interface BuildSecret {
  readonly name: string;
  /** Where it is there; nowhere else. */
  readonly steps: readonly BuildStep[];
}

export interface PackageRequest {
  /** `os` stands for a bare name. */
  readonly system: 'os' | 'apt' | 'pip' | 'maven' | 'hackage';
  /** What follows the prefix, as written: `numpy>=2`, `ffmpeg`. Checked to hold no shell metacharacters that matter. */
  readonly spec: string;
  /** Where the entry stands in nstack.yaml, from 1; 0 where the manifest came from a label. */
  readonly line: number;
  readonly column: number;
}

export interface ConfigParameter {
  readonly name: string;
  readonly type: Type;
  /** JSON value that fits `type`; undefined: the workflow must give it. */
  readonly default?: unknown;
  /** What it does, for people. */
  readonly description?: string;
}

export interface Limits {
  /** Bytes. Default 512 MiB. */
  readonly memory: number;
  /** Cores. Default 1. */
  readonly cpu: number;
  /** Processes and threads. Default 128. */
  readonly pids: number;
  /** Milliseconds one call may take. Default 30,000. */
  readonly timeout: number;
  /** Milliseconds from start to the answer of `initialize`. Default 60,000. */
  readonly startTimeout: number;
  /** Bytes of one message. Default 16 MiB. */
  readonly message: number;
}
