import type { CliCommand, CliOption } from '../command.ts';

const options: readonly CliOption[] = [
  {
    flags: '--ci',
    description:
      'plain lines on stderr whatever it is, with signs of life; annotations and a summary on GitHub',
  },
  {
    flags: '--events <file>',
    description: 'write what happens as lines of JSON to this file, or to stdout: -',
  },
  {
    flags: '--summary <file>',
    description: 'append a summary in Markdown to this file (with --ci by default: $GITHUB_STEP_SUMMARY)',
  },
];

/** A command that also reports to programs: events, annotations and a summary of the job. */
export function reported(command: CliCommand): CliCommand {
  return {
    ...command,
    options: [...(command.options ?? []), ...options],
    async run(context, args, options) {
      if (options.ci === undefined && options.events === undefined && options.summary === undefined)
        return command.run(context, args, options);
      const { runReported } = await import('./run-reported.ts');
      return runReported(command, context, args, options);
    },
  };
}
