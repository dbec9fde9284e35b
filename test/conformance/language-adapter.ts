import type { Readable, Writable } from 'node:stream';

/** The services that every language has, as test/fixtures/services/<language>-<name>, with the same API. */
export type FixtureService = 'values' | 'behaviour' | 'conformance';

/** A shim that runs over the code of a fixture service. The starter owns it and must call `kill` once. */
export interface RunningShim {
  /** The shim's stdin. */
  readonly input: Writable;
  /** The shim's stdout: the protocol alone. */
  readonly output: Readable;
  /** What user code prints, with the shim's own words. */
  readonly log: Readable;
  /** Resolves with the exit code, or with the name of the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  signal(name: NodeJS.Signals): void;
  kill(): void;
}

/** One language's shim, as a child process without a container. */
export interface LanguageAdapter {
  readonly name: string;
  start(service: FixtureService): RunningShim;
  /** Cases that code of this language cannot even express, because its own types rule them out. */
  readonly inexpressible: ReadonlySet<string>;
}
