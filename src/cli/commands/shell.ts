import type { CliCommand } from '../command.ts';

/** The prompt; what it offers is among the commands of the command line. */
export function createShell(commands: () => readonly CliCommand[]): CliCommand {
  return {
    usage: 'shell',
    summary: 'name workflows, start and watch them at a prompt, or run such lines from a pipe',
    options: [
      {
        flags: '--connections <file>',
        description: 'the connections file of a supervisor that has to be started',
      },
    ],
    examples: ['nstack shell', 'nstack shell < nightly.nstack-script'],
    async run(context, _args, options) {
      const { runShell } = await import('../shell/run-shell.ts');
      return runShell(context, options, commands());
    },
  };
}
