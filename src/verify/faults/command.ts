import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NstackError } from '../../core/index.ts';
import type { Fault } from './fault.ts';

const run = promisify(execFile);

/** A fault of the user's own: programs with their arguments, which no shell reads. */
export interface CommandFault {
  readonly name: string;
  readonly inject: readonly string[];
  readonly heal?: readonly string[];
}

/** Milliseconds that a command may take. */
const timeout = 120_000;

export function commandFault({ name, inject, heal }: CommandFault): Fault {
  return {
    name,
    describe: `${inject.join(' ')}${heal === undefined ? '' : `, then ${heal.join(' ')}`}`,
    ...(heal === undefined ? {} : { lasts: { least: 500, most: 3_000 } }),
    async inject(signal) {
      await execute(name, inject, signal);
      return `ran ${inject.join(' ')}`;
    },
    async heal() {
      if (heal !== undefined) await execute(name, heal);
    },
  };
}

async function execute(name: string, command: readonly string[], signal?: AbortSignal): Promise<void> {
  const [program = '', ...args] = command;
  try {
    await run(program, args, { timeout, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new NstackError(
      'usage',
      `the command of the fault ${name} failed: ${command.join(' ')}: ${stderr.trim() || message}`,
      { hint: 'Try the command by hand; it must end, with the exit code 0.', cause },
    );
  }
}
