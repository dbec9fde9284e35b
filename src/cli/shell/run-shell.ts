import { createInterface, type Interface } from 'node:readline/promises';
import type { SupervisorClient } from '../../client/index.ts';
import { NstackError } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { connectForStart } from '../connect-for-start.ts';
import { renderError } from '../render-error.ts';
import { runCommandLine } from '../run-command-line.ts';
import { completer } from './completer.ts';
import { openHistory } from './history-file.ts';
import { createSession, isLanguage, type Session } from './session.ts';
import { splitWords } from './split-words.ts';
import { createStatementReader, type ShellStatement } from './statement-reader.ts';

/** Commands that make sense at the prompt; they are those of the command line, with the same flags. */
const offered = new Set(
  'start stop pause resume ps logs history delete dead-letters list info connections plan run call supervisor'.split(
    ' ',
  ),
);
const prompt = 'nstack> ';
const continuation = '   ...> ';

const help = `
  myWorkflow = kafka/click-stream -> ClickCleaning -> ClickAnalytics -> rabbitMQ/analytics
  start myWorkflow             stop myWorkflow              ps                 logs myWorkflow
  enrich = Clean -> Score      parts without a source and a sink can be used in workflows
  type Click = { ... }, import Demo.NumChars:0.1.0 as N     are known to what follows
  help COMMAND explains one of: ${[...offered].join(', ')}
  exit, or Ctrl-D
`;

/** What a statement can use. */
interface Shell {
  readonly commands: readonly CliCommand[];
  readonly session: Session;
}

/**
 * The prompt, or a script from a pipe: statements of the workflow language name workflows at the supervisor, everything else is a command of the command line. A script
 * ends at its first fault, with that one's exit code.
 */
export async function runShell(
  context: CliContext,
  options: CliOptions,
  all: readonly CliCommand[],
): Promise<number> {
  const commands = all.filter(({ usage }) => offered.has(usage.split(' ')[0] ?? ''));
  const client = await connectForStart(context, options);
  const shell: Shell = { commands, session: createSession(client, context.cwd) };
  try {
    return context.stdin.isTTY === true
      ? await prompted(context, client, shell)
      : await scripted(context, shell);
  } finally {
    client.close();
  }
}

async function prompted(context: CliContext, client: SupervisorClient, shell: Shell): Promise<number> {
  const history = await openHistory(context.env);
  const lines = createInterface({
    input: context.stdin,
    output: context.stderr,
    history: [...history.lines],
    historySize: 1_000,
    removeHistoryDuplicates: true,
    completer: completer(client, [...offered, 'help', 'exit']),
  });
  let reader = createStatementReader();
  let running: AbortController | undefined;
  lines.on('SIGINT', () => {
    if (running !== undefined) return running.abort(new NstackError('interrupted', 'interrupted'));
    reader = createStatementReader();
    // What was typed goes, as in other shells.
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    context.stderr.write('\n');
    ask(lines, false);
  });
  try {
    ask(lines, false);
    for await (const line of lines) {
      const statement = reader.push(line);
      if (statement !== undefined) {
        await history.add(line);
        if (isExit(statement)) return 0;
        running = new AbortController();
        await obey({ ...context, signal: running.signal }, shell, statement);
        running = undefined;
      }
      ask(lines, reader.isOpen);
    }
    context.stderr.write('\n');
    return 0;
  } finally {
    lines.close();
  }
}

function ask(lines: Interface, open: boolean): void {
  lines.setPrompt(open ? continuation : prompt);
  lines.prompt(true);
}

async function scripted(context: CliContext, shell: Shell): Promise<number> {
  const reader = createStatementReader();
  const lines = createInterface({ input: context.stdin, signal: context.signal });
  const run = async (statement: ShellStatement | undefined) => {
    if (statement === undefined || isExit(statement)) return 0;
    const code = await obey(context, shell, statement);
    if (code !== 0) context.stderr.write(`line ${statement.line}: the script ends here\n`);
    return code;
  };
  for await (const line of lines) {
    const statement = reader.push(line);
    const code = await run(statement);
    if (code !== 0 || (statement !== undefined && isExit(statement))) return code;
  }
  return run(reader.rest());
}

function isExit({ text }: ShellStatement): boolean {
  return text === 'exit' || text === 'quit';
}

/** Does what a statement says, and answers its exit code; errors are told. */
async function obey(context: CliContext, shell: Shell, { text }: ShellStatement): Promise<number> {
  const { commands, session } = shell;
  try {
    if (/^(?:\/\/|#)/.test(text)) return 0;
    if (isLanguage(text)) return await define(context, session, text);
    const [word = '', ...rest] = splitWords(text);
    if (word === 'help') return await explain(context, commands, rest);
    if (!offered.has(word)) throw unknown(word);
    return await runCommandLine(context, commands, argumentsOf(text, word, rest, session));
  } catch (error) {
    context.stderr.write(renderError(error, { color: context.color }));
    return error instanceof NstackError ? error.exitCode : 70;
  }
}

async function define(context: CliContext, session: Session, text: string): Promise<number> {
  const taken = await session.take(text);
  if (taken.kind === 'workflow')
    context.stdout.write(
      `${taken.info.name} version ${taken.info.version}: start it with \`start ${taken.info.name}\`\n`,
    );
  else if (taken.kind === 'part')
    context.stdout.write(`${taken.name} is a part: it has no source or no sink of its own\n`);
  return 0;
}

/** A workflow behind `start`, `run` or `plan` is one argument, however many blanks it has, and knows the session's names. */
function argumentsOf(
  text: string,
  word: string,
  rest: readonly string[],
  session: Session,
): readonly string[] {
  const flags = rest.filter((part) => part.startsWith('--'));
  const takesText = ['start', 'run', 'plan'].includes(word);
  if (!takesText || !/->|\|/.test(text)) return [word, ...rest];
  const workflow = text
    .slice(word.length)
    .replace(/(?:^|\s)--[a-z-]+(?:=\S+)?/g, ' ')
    .trim();
  return [word, session.withNames(workflow), ...flags];
}

async function explain(
  context: CliContext,
  commands: readonly CliCommand[],
  words: readonly string[],
): Promise<number> {
  if (words.length > 0) return runCommandLine(context, commands, [...words, '--help']);
  context.stdout.write(help);
  return 0;
}

function unknown(word: string): NstackError {
  return new NstackError('usage', `there is no command ${JSON.stringify(word)}`, {
    hint: 'help lists them; a workflow gets a name by NAME = source -> Service -> sink.',
  });
}
