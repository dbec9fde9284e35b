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
  /** Called once `initialize` is answered. */
  settled(): void;
  signal(name: NodeJS.Signals): void;
  kill(): void;
  /** A named pipe that the service sees: its function `wait` lasts until something is written to it. */
  createGate(): Promise<Gate>;
}

export interface Gate extends AsyncDisposable {
  /** Where the service finds it. */
  readonly path: string;
  open(word: string): Promise<void>;
}

/** One language's shim over its fixture services: a child process, or an instance where the code has to be compiled. */
export interface LanguageAdapter {
  readonly name: string;
  /** Called once, before anything is started. */
  prepare(): Promise<void>;
  start(service: FixtureService): Promise<RunningShim>;
  /** Cases, as `AREA: NAME`, that code of this language cannot even express, because its own types rule them out. */
  readonly inexpressible: ReadonlySet<string>;
}
