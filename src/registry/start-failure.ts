import { finished } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { CallError } from '../bridge/index.ts';
import { NstackError } from '../core/index.ts';
import type { Instance, InstanceExit } from '../engine/index.ts';
import type { Manifest } from '../manifest/index.ts';

interface Circumstances {
  readonly manifest: Manifest;
  readonly instance: Instance;
  readonly lastLines: () => readonly string[];
  /** Stars out the service's secrets. */
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

/** Milliseconds from the end of the output to the exit code, or from a death to the end of what was printed. */
const exitGrace = 1_000;
const mostStackLines = 14;
const mostLogLines = 8;

/**
 * Why a service did not come up: its own stack trace where it sent one, otherwise how it ended and the last lines it printed. The
 * trace and the lines are the error's hint.
 */
export async function startFailure(error: unknown, circumstances: Circumstances): Promise<unknown> {
  const { signal, lastLines } = circumstances;
  if (signal.aborted) return signal.reason;
  const answered = error instanceof CallError ? error.rpc : undefined;
  const { stack, hint } = answered?.data ?? {};
  if (answered !== undefined && stack !== undefined) {
    await allPrinted(circumstances.instance);
    const printed = block('It printed:', lastLines(), mostLogLines);
    const trace = block('Its stack trace:', stack.split('\n'), mostStackLines);
    return failed(
      circumstances,
      answered.message,
      [...trace, ...printed, ...(hint === undefined ? [] : [hint])],
      error,
    );
  }
  const reason = await howItFailed(error, circumstances);
  return failed(circumstances, reason, block('It printed:', lastLines(), mostLogLines), error);
}

function failed(
  { manifest: { name }, redact }: Circumstances,
  reason: string,
  hint: readonly string[],
  cause: unknown,
): NstackError {
  const rest = hint.length === 0 ? {} : { hint: redact(hint.join('\n')) };
  return new NstackError('service-failed', `${name} did not start: ${redact(reason)}`, { cause, ...rest });
}

async function howItFailed(error: unknown, { manifest, instance }: Circumstances): Promise<string> {
  const { limits } = manifest;
  const code = error instanceof NstackError ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'timeout') return `it did not answer within ${limits.startTimeout} ms (limits.startTimeout)`;
  if (code !== 'instance-died') return code === 'protocol-breach' ? `it ${message}` : message;
  const exit = await exitSoon(instance);
  if (exit === undefined) return `it ${message}`;
  if (exit.outOfMemory)
    return `it ran out of memory (limits.memory is ${Math.round(limits.memory / 1024 ** 2)} MiB)`;
  return exit.code === undefined ? `it ${message}` : `it ended with exit code ${exit.code}`;
}

/** What it printed before it answered comes by another way, and may come after the answer. */
async function allPrinted(instance: Instance): Promise<void> {
  await instance.kill().catch(() => {});
  await finished(instance.log, { signal: AbortSignal.timeout(exitGrace) }).catch(() => {});
}

/** A service that closes its output has mostly ended; one that lives on says nothing by its exit. */
async function exitSoon(instance: Instance): Promise<InstanceExit | undefined> {
  const given = new AbortController();
  const late = setTimeout(exitGrace, undefined, { signal: given.signal }).catch(() => undefined);
  const exit = await Promise.race([instance.exited, late]);
  given.abort();
  return exit;
}

/** The last lines under a heading; nothing where there are none. */
function block(heading: string, lines: readonly string[], most: number): readonly string[] {
  const shown = lines.filter((line) => line.trim() !== '').slice(-most);
  return shown.length === 0 ? [] : [heading, ...shown.map((line) => `  ${line}`)];
}
