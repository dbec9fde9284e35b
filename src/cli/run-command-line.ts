import { stripVTControlCharacters } from 'node:util';
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { NstackError } from '../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from './command.ts';
import { groups } from './commands/groups.ts';
import { renderError } from './render-error.ts';

/** Runs one command line and answers its exit code; an error is told on stderr. */
export async function runCommandLine(
  context: CliContext,
  commands: readonly CliCommand[],
  argv: readonly string[],
): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, { commands, argv }, async (command, args, options) => {
    exitCode = (await command.run(context, args, options)) ?? 0;
  });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const shown = context.signal.aborted && !(error instanceof NstackError) ? context.signal.reason : error;
    context.stderr.write(renderError(shown, { color: context.color }));
    return shown instanceof NstackError ? shown.exitCode : 70;
  }
}

type Runner = (command: CliCommand, args: readonly string[], options: CliOptions) => Promise<void>;

interface CommandLine {
  readonly commands: readonly CliCommand[];
  readonly argv: readonly string[];
}

function createProgram(context: CliContext, { commands, argv }: CommandLine, run: Runner): Command {
  const program = new Command('nstack')
    .description(
      'Package functions in Python, Java or Haskell as typed, sandboxed services, and run them as streaming workflows.',
    )
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(nstack --help lists the commands)')
    .exitOverride();
  program.configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(context.color ? text : stripVTControlCharacters(text)),
  });
  for (const command of asked(commands, argv[0])) declare(program, command, run);
  return program;
}

/** Those that the first word names, since declaring all takes longer than many a command; all where it names none, for help and for the nearest name. */
function asked(commands: readonly CliCommand[], word: string | undefined): readonly CliCommand[] {
  const named = commands.filter(({ usage }) => usage.split(' ', 1)[0] === word);
  return named.length === 0 ? commands : named;
}

function declare(program: Command, command: CliCommand, run: Runner): void {
  const [first = '', second = ''] = command.usage.split(' ');
  const grouped = Object.hasOwn(groups, first) && /^[a-z]/.test(second);
  const parent = grouped ? groupOf(program, first) : program;
  const declared = parent
    .command(grouped ? command.usage.slice(first.length + 1) : command.usage)
    .description(command.summary);
  for (const { flags, description, default: value } of command.options ?? [])
    declared.option(flags, description, value);
  declared.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`);
  declared.action(async () => {
    await run(command, declared.args, declared.opts());
  });
}

/** The command that only holds others: `supervisor` of `supervisor start`. */
function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return (
    known ??
    program
      .command(name)
      .description(groups[name] ?? '')
      .helpCommand(false)
  );
}
