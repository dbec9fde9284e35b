import { join } from 'node:path';
import type { LogEntry } from '../../workflow/index.ts';
import { createRotatingLines } from './rotating-lines.ts';

/** What the services of one workflow said, on the disk. */
export interface WorkflowLog {
  /** Never throws and never waits. What the disk refuses, or is too slow for, is dropped; an entry says how much, as soon as there is room. */
  append(entry: LogEntry): void;
  /** The newest last, with all that was appended before. A line that a crash has torn is left out. */
  last(most: number): Promise<readonly LogEntry[]>;
  /** Waits for what was appended; nothing is taken after it. */
  close(): Promise<void>;
}

const rotateAt = 4 * 1024 * 1024;
/** Characters of a text that are kept. */
const longestMessage = 16 * 1024;
const longestName = 256;

/** The log in a workflow's folder: `log.ndjson`, and `log.1.ndjson` with what is older. Files come to be with the first entry. */
export function createWorkflowLog(folder: string): WorkflowLog {
  let newest: LogEntry | undefined;
  const lines = createRotatingLines({
    path: join(folder, 'log.ndjson'),
    older: join(folder, 'log.1.ndjson'),
    rotateAt,
    notice(dropped, why) {
      const { at = '', workflow = '' } = newest ?? {};
      const message = `${dropped} lines of this log were dropped: ${why}`;
      return JSON.stringify({ at, workflow, stage: 'supervisor', level: 'warn', message });
    },
  });
  return {
    append(entry) {
      newest = entry;
      lines.append(JSON.stringify(bounded(entry)));
    },
    async last(most) {
      const entries: LogEntry[] = [];
      for await (const line of lines.newest()) {
        if (entries.length >= most) break;
        const entry = parse(line);
        if (entry !== undefined) entries.push(entry);
      }
      return entries.reverse();
    },
    close: () => lines.close(),
  };
}

function bounded({ at, workflow, stage, level, message }: LogEntry): LogEntry {
  return { at, workflow, stage: cut(stage, longestName), level, message: cut(message, longestMessage) };
}

/** JSON.stringify escapes whatever is left: control signs, and half of a surrogate pair that was cut. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}... (${text.length - most} more)`;
}

function parse(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}
