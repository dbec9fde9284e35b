import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { ComposedText } from '../client/index.ts';
import { NstackError } from '../core/index.ts';
import type { CliContext, CliOption, CliOptions } from './command.ts';

/** The flags with which a workflow's ends are typed apart from it. */
export const endOptions: readonly CliOption[] = [
  { flags: '--source <source>', description: 'put this source in front: kafka/click-stream' },
  { flags: '--sink <sink>', description: 'put this sink behind: file/out.ndjson' },
];

/** A workflow as it was typed: one text, and where its parts came from. */
export interface TypedWorkflow extends ComposedText {
  /** Path of the file, or `<workflow>`. */
  readonly file: string;
}

/** Reads the argument, which is the text itself or a file that ends in .nstack, and puts the ends from `--source` and `--sink` to it. */
export async function readWorkflowText(
  context: CliContext,
  workflow: string,
  { source, sink }: CliOptions,
): Promise<TypedWorkflow> {
  const { composeText } = await import('../client/index.ts');
  const isFile = extname(workflow) === '.nstack' && !/\s/.test(workflow);
  const file = isFile ? workflow : '<workflow>';
  const text = isFile ? await readText(resolve(context.cwd, workflow), workflow) : workflow;
  const composed = composeText({
    text,
    file,
    source: typeof source === 'string' ? source : undefined,
    sink: typeof sink === 'string' ? sink : undefined,
  });
  const { diagnostics } = composed;
  if (diagnostics.length > 0)
    throw new NstackError('workflow-invalid', 'the workflow was not started', { diagnostics });
  return { ...composed, file };
}

/** Does something with a typed workflow; the findings of an error get their places in what was typed. */
export async function toldWhereTyped<T>(typed: TypedWorkflow, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NstackError) || error.code !== 'workflow-invalid') throw error;
    const { placesIn } = await import('../client/index.ts');
    const { code, message, hint, cause, diagnostics } = error;
    throw new NstackError(code, message, {
      diagnostics: placesIn(typed, diagnostics),
      ...(hint === undefined ? {} : { hint }),
      cause,
    });
  }
}

async function readText(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new NstackError('file-missing', `the workflow file ${shown} cannot be read: ${reason}`, { cause });
  }
}
