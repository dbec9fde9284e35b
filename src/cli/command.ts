import type { Report } from './ci/report.ts';

/** What a command gets from the program: the world around it, passed in so that tests can pass another. */
export interface CliContext {
  /** Absolute path of the folder the user stands in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  /** Data alone: what a script would read. */
  readonly stdout: NodeJS.WriteStream;
  /** Text for people: progress, notes, errors. */
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by the first Ctrl-C or SIGTERM; `reason` is an NstackError `interrupted`. */
  readonly signal: AbortSignal;
  /** Aborted by the second: end at once. */
  readonly force: AbortSignal;
  /** True where stderr is a terminal that may be redrawn (not in CI, not TERM=dumb). */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Long steps show now and then that they live, where nothing may be redrawn: CI ends jobs that are silent. */
  readonly alive?: boolean;
  /** Where a program wants to know what happens. */
  readonly report?: Report;
}

/** Values of a command's flags, by their long name in camel case; a flag that takes no value is true. */
export type CliOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/**
 * One command: plain data that `--help` needs, and `run`, which loads what is heavy by `await import(...)` so that the other
 * commands never pay for it. `run` answers an exit code (undefined is 0) and throws NstackError for everything a user can mend.
 */
export interface CliCommand {
  /** Name and arguments as commander writes them: `build [folder]`, `call <function> [json...]`; `supervisor start` where the first word is a group. */
  readonly usage: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly options?: readonly CliOption[];
  /** Whole command lines, shown by `--help`. */
  readonly examples: readonly string[];
  run(context: CliContext, args: readonly string[], options: CliOptions): Promise<number | undefined>;
}

export interface CliOption {
  /** As commander writes them: `--json`, `--rows <count>`, `--set <name=value...>` (may be repeated). */
  readonly flags: string;
  readonly description: string;
  readonly default?: string;
}
