import { ownerLabel, serviceLabel } from '../engine/index.ts';
import type { Manifest } from '../manifest/index.ts';

/** A service that has been built: what the image's labels say. */
export interface RegisteredService {
  readonly name: string;
  readonly version: string;
  /** `nstack/clickanalytics:1.2.0`: what the engine starts. */
  readonly image: string;
  readonly imageId: string;
  readonly manifest: Manifest;
  /** ISO 8601. */
  readonly built: string;
  readonly size: number;
}

/** The labels that are the registry (DESIGN "Images, registry, sandbox"). */
export const labels = {
  name: 'io.nstack.name',
  version: 'io.nstack.version',
  stack: 'io.nstack.stack',
  /** The manifest as JSON, defaults filled in, api as text. */
  manifest: 'io.nstack.manifest',
  /** The API as text in canonical print. */
  api: 'io.nstack.api',
  /** Digest of everything that went into the image: equal digest, nothing to build. */
  inputs: 'io.nstack.inputs',
  /** Packages that the image has beyond its base, as JSON: `InstalledPackages` of src/stacks/stack.ts. */
  packages: 'io.nstack.packages',
  /** Packages that it was compiled with and of which it holds parts, alike; only where a language compiles. */
  builtWith: 'io.nstack.built-with',
  /** The image's layers from below, as JSON: `[{ name, key, diffId, size }]`; `name` is base, runtime, os, language, commands, shim, files, code or archive. */
  layers: 'io.nstack.layers',
  /** On containers: the process that owns the instance. */
  owner: ownerLabel,
  /** On containers: the true name of the service. */
  service: serviceLabel,
} as const;
