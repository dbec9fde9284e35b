import type { ServerResponse } from 'node:http';
import type { LogEntry, SupervisorEvent } from '../workflow/index.ts';

/** Characters of log that wait for a reader at the most; what is older is left out and counted. */
const mostLog = 256 * 1024;

export interface EventStreamOptions {
  /** Only what concerns this workflow. */
  readonly workflow?: string;
  /** Milliseconds between two empty lines, by which a reader knows that the supervisor lives. */
  readonly heartbeat: number;
}

/**
 * Writes what `watch` tells to a response, one JSON a line. A reader that is slower than the changes gets the newest of each workflow, and the
 * newest lines of log: what waits for it is bounded, whatever it does. Resolves when the reader has gone or the response was ended.
 */
export async function streamEvents(
  response: ServerResponse,
  watch: (listener: (event: SupervisorEvent) => void) => () => void,
  { workflow, heartbeat }: EventStreamOptions,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  response.flushHeaders();
  const waiting = createWaiting();
  let blocked = false;
  const flush = () => {
    while (!blocked && response.writable) {
      const event = waiting.take();
      if (event === undefined) return;
      blocked = !response.write(`${JSON.stringify(event)}\n`);
    }
  };
  response.on('drain', () => {
    blocked = false;
    flush();
  });
  const unwatch = watch((event) => {
    if (workflow !== undefined && nameOf(event) !== workflow) return;
    waiting.put(event);
    flush();
  });
  const beat = setInterval(() => {
    if (!blocked && response.writable) blocked = !response.write('\n');
  }, heartbeat);
  try {
    await new Promise((resolve) => response.once('close', resolve));
  } finally {
    clearInterval(beat);
    unwatch();
  }
}

function nameOf(event: SupervisorEvent): string {
  if (event.kind === 'workflow') return event.workflow.name;
  return event.kind === 'removed' ? event.name : event.entry.workflow;
}

/** Events that wait for their reader: the newest of each workflow, and the newest of the log. */
function createWaiting(): { put(event: SupervisorEvent): void; take(): SupervisorEvent | undefined } {
  const states = new Map<string, SupervisorEvent>();
  const lines: LogEntry[] = [];
  const leftOut = new Map<string, number>();
  let length = 0;

  function put(event: SupervisorEvent): void {
    if (event.kind !== 'log') {
      // One that waits keeps its turn, so that a workflow that changes all the time does not starve.
      states.set(nameOf(event), event);
      return;
    }
    lines.push(event.entry);
    length += weight(event.entry);
    while (length > mostLog && lines.length > 1) {
      const dropped = lines.shift() as LogEntry;
      length -= weight(dropped);
      leftOut.set(dropped.workflow, (leftOut.get(dropped.workflow) ?? 0) + 1);
    }
  }

  function take(): SupervisorEvent | undefined {
    const [state] = states;
    if (state !== undefined) {
      states.delete(state[0]);
      return state[1];
    }
    const [gap] = leftOut;
    if (gap !== undefined) {
      leftOut.delete(gap[0]);
      return { kind: 'log', entry: gapEntry(...gap) };
    }
    const entry = lines.shift();
    if (entry === undefined) return undefined;
    length -= weight(entry);
    return { kind: 'log', entry };
  }

  return { put, take };
}

function weight(entry: LogEntry): number {
  return entry.message.length + 100;
}

function gapEntry(workflow: string, count: number): LogEntry {
  const message = `${count} lines were left out here: the reader is too slow`;
  return { at: new Date().toISOString(), workflow, stage: 'supervisor', level: 'warn', message };
}
