import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { eventLines } from './event-lines.ts';
import { failedEvent } from './failed-event.ts';
import { githubAnnotations } from './github-annotations.ts';
import { createJobSummary } from './job-summary.ts';
import { createReport, type ReportedEvent } from './report.ts';

/** Runs a command with the listeners that its flags name, and tells them how it ended. */
export async function runReported(
  command: CliCommand,
  context: CliContext,
  args: readonly string[],
  options: CliOptions,
): Promise<number | undefined> {
  const { listeners, close } = targets(context, options);
  const plain = options.ci === true ? { ...context, interactive: false, color: false, alive: true } : context;
  const report = createReport(command.usage.split(' ', 1)[0] ?? '', listeners);
  try {
    return await command.run({ ...plain, report }, args, options);
  } catch (error) {
    report.tell(failedEvent(error));
    throw error;
  } finally {
    close();
  }
}

interface Targets {
  readonly listeners: readonly ((event: ReportedEvent) => void)[];
  close(): void;
}

function targets(context: CliContext, { ci, events, summary, json }: CliOptions): Targets {
  if (events === '-' && json === true)
    throw new NstackError('usage', '--events=- and --json would both write to stdout', {
      hint: 'write the events to a file: --events=events.ndjson',
    });
  const listeners: ((event: ReportedEvent) => void)[] = [];
  if (typeof events === 'string') listeners.push(eventLines(context, events));
  if (ci === true && context.env.GITHUB_ACTIONS === 'true')
    listeners.push(githubAnnotations((text) => context.stderr.write(text)));
  const file =
    typeof summary === 'string' ? summary : ci === true ? context.env.GITHUB_STEP_SUMMARY : undefined;
  if (!file) return { listeners, close: () => {} };
  const job = createJobSummary();
  listeners.push(job.take);
  return { listeners, close: () => append(resolve(context.cwd, file), job.text()) };
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (cause) {
    throw new NstackError('file-unwritable', `the summary cannot be written to ${file}`, { cause });
  }
}
