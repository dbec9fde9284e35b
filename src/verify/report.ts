import type { ErrorMessage } from '../core/index.ts';
import type { InjectedFault } from './inject-faults.ts';
import type { Verdict } from './judge.ts';
import type { Leftover } from './leftovers.ts';

/** What a workflow may promise; an audit fails where a promise is broken. That nothing is lost is always expected. */
export const expectations = ['exactly-once', 'order', 'clean'] as const;
export type Expectation = (typeof expectations)[number];

/** What an audit found. Plain JSON. */
export interface VerifyReport {
  readonly verdict: 'passed' | 'failed';
  /** What speaks against it, a sentence each. */
  readonly faults: readonly string[];
  readonly workflow: string;
  readonly text: string;
  /** Part of every message's number: `verify-RUN-0000000123`. */
  readonly run: string;
  readonly seed: number;
  readonly expected: readonly Expectation[];
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
  /** Messages a second that came out, over the whole time. */
  readonly rate: number;
  readonly messages: number;
  readonly sent: number;
  readonly outputs: readonly OutputReport[];
  readonly deadLetters: {
    /** Of this run's messages. */
    readonly count: number;
    /** Of messages that are none of this run's. */
    readonly foreign: number;
    /** The first of this run's. */
    readonly first: readonly {
      readonly number: number;
      readonly stage: string;
      readonly message: string;
    }[];
  };
  /** Faults that were asked for. */
  readonly kills: number;
  readonly injected: readonly InjectedFault[];
  /** When the data path was lost and started again, and why. */
  readonly restarts: readonly { readonly at: string; readonly why: string }[];
  readonly leftovers: readonly Leftover[];
  /** Why the workflow runs no more, where it failed. */
  readonly failure?: ErrorMessage;
}

export interface OutputReport extends Verdict {
  readonly label: string;
}

/** What in a report speaks against the workflow. */
export function faultsOf(
  report: Pick<VerifyReport, 'outputs' | 'leftovers' | 'messages' | 'sent' | 'failure' | 'expected'>,
): readonly string[] {
  const { outputs, leftovers, messages, sent, failure, expected } = report;
  const faults: string[] = [];
  if (failure !== undefined) faults.push(`the workflow failed: ${failure.message}`);
  if (sent < messages) faults.push(`only ${sent} of ${messages} messages could be put in`);
  for (const { label, arrived, lost, duplicated, reordered } of outputs) {
    if (arrived === 0 && lost === 0) faults.push(`${label}: nothing came out, all are dead letters`);
    if (lost > 0) faults.push(`${label}: ${lost} lost`);
    if (duplicated > 0 && expected.includes('exactly-once'))
      faults.push(`${label}: ${duplicated} duplicated, and exactly once was expected`);
    if (reordered > 0 && expected.includes('order'))
      faults.push(`${label}: ${reordered} reordered, and order was expected`);
  }
  if (leftovers.length > 0 && expected.includes('clean')) faults.push(`left over: ${leftovers.length}`);
  return faults;
}
