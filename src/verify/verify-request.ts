import type { WantedFaults } from './faults/create-faults.ts';
import type { Expectation } from './report.ts';

/** What an audit is asked to do. */
export interface VerifyRequest {
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  readonly messages: number;
  /** Messages a second that are put in; undefined: as fast as they are taken. */
  readonly rate?: number;
  /** The whole message, with `{n}` and `{lane}` in it. */
  readonly template?: string;
  /** Field of the input that gets the number. */
  readonly sequence?: string;
  /** Field of the output that has it; undefined: it is searched. */
  readonly output?: string;
  /** Field of the input that tells lanes apart. */
  readonly key?: string;
  /** Sequences that are each kept in order. */
  readonly lanes: number;
  readonly faults: WantedFaults;
  readonly kills: number;
  /** Milliseconds. */
  readonly every: number;
  readonly grace: number;
  readonly seed: number;
  readonly expected: readonly Expectation[];
}

export interface VerifySurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of nstack's package.json. */
  readonly packageRoot: string;
  /** Aborted: the audit ends, and what it started with it. */
  readonly signal: AbortSignal;
  /** A line for people. */
  log(line: string): void;
  onProgress(progress: VerifyProgress): void;
}

export interface VerifyProgress {
  readonly sent: number;
  /** At the output that is furthest behind. */
  readonly arrived: number;
  readonly injected: number;
}
