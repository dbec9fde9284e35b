import type { CliContext } from './command.ts';
import { commands } from './commands/index.ts';
import { interruption } from './interruption.ts';
import { runCommandLine } from './run-command-line.ts';

function createContext(): CliContext {
  const { env, stdin, stdout, stderr } = process;
  const terminal = stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
  return {
    cwd: process.cwd(),
    env,
    stdin,
    stdout,
    stderr,
    ...interruption(),
    interactive: terminal,
    color: terminal && env.NO_COLOR === undefined,
  };
}

// Whoever reads stdout may have enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// The exit code is set, not forced, so that what was written to a pipe still arrives.
process.exitCode = await runCommandLine(createContext(), commands, process.argv.slice(2));
