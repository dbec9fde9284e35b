import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';
import { type Measured, measure, run } from './measure.ts';

/** Where benchmarks leave what they read and write; git does not see it. */
export const out = join(packageRoot(), 'bench/out');
mkdirSync(out, { recursive: true });

/** The program as a user starts it; it needs dist/. */
export const program = join(packageRoot(), 'bin/nstack.cjs');

/** Builds a service of this repository, as a user would; the folder is below its root. */
export async function buildService(
  folder: string,
): Promise<{ readonly name: string; readonly image: string }> {
  return JSON.parse(await run(process.execPath, [program, 'build', join(packageRoot(), folder), '--json']));
}

export interface Carried extends Measured {
  /** What `nstack run --json` tells, as far as benchmarks ask for it. */
  readonly outcome: {
    /** While streaming: without starting and stopping. */
    readonly milliseconds: number;
    /** Of the data path's process. Bytes. */
    readonly hub: { readonly cpuSeconds: number; readonly peakMemory: number };
  };
}

/** Runs a workflow to its end. Fails where not each of `rows` messages arrives. */
export async function carry(workflow: string, rows: number, ...options: readonly string[]): Promise<Carried> {
  const measured = await measure(process.execPath, [program, 'run', workflow, '--json', ...options], {
    cwd: out,
  });
  const outcome = JSON.parse(measured.stdout);
  if (outcome.out !== rows || outcome.lost !== 0) throw new Error(`nstack carried ${outcome.out} of ${rows}`);
  return { ...measured, outcome };
}
