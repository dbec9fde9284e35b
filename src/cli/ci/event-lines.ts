import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { CliContext } from '../command.ts';
import type { ReportedEvent } from './report.ts';

/** Writes each event as a line of JSON at once, to stdout (`-`) or to a new file, so that a reader may follow. Fails with `file-unwritable`. */
export function eventLines({ cwd, stdout }: CliContext, target: string): (event: ReportedEvent) => void {
  if (target === '-') return (event) => stdout.write(lineOf(event));
  const file = resolve(cwd, target);
  const write = (work: () => void) => {
    try {
      work();
    } catch (cause) {
      throw new NstackError('file-unwritable', `--events: ${target} cannot be written`, { cause });
    }
  };
  write(() => writeFileSync(file, ''));
  return (event) => write(() => appendFileSync(file, lineOf(event)));
}

function lineOf(event: ReportedEvent): string {
  return `${JSON.stringify(event)}\n`;
}
