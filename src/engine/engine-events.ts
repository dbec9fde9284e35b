import { NstackError } from '../core/index.ts';

/** One line of what the engine answers to a long operation. */
export interface EngineEvent {
  /** A piece of a tool's output, not cut at lines. */
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  /** The operation failed: the HTTP status was sent long before. */
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
  readonly aux?: { readonly ID?: string };
}

/** Reads the engine's answer: JSON objects, one a line. The stream is destroyed when the reader stops early. */
export async function* engineEvents(answer: NodeJS.ReadableStream): AsyncGenerator<EngineEvent, void> {
  answer.setEncoding('utf8');
  let rest = '';
  for await (const chunk of answer) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseEvent(line);
  }
  if (rest.trim() !== '') yield parseEvent(rest);
}

/** What the engine says went wrong, if this event says so. */
export function eventError(event: EngineEvent): string | undefined {
  const message = event.errorDetail?.message ?? event.error;
  return message?.trim();
}

/** Reads an answer to its end, of an operation that answers nothing else. Fails with `build-failed` where the engine says that it went wrong. */
export async function readToEnd(answer: NodeJS.ReadableStream, doing: string): Promise<void> {
  for await (const event of engineEvents(answer)) {
    const message = eventError(event);
    if (message !== undefined)
      throw new NstackError('build-failed', `the container engine could not ${doing}: ${message}`);
  }
}

function parseEvent(line: string): EngineEvent {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new NstackError(
      'engine-unavailable',
      `the container engine broke off its answer: ${line.slice(0, 200)}`,
      {
        cause,
      },
    );
  }
  return {};
}
