import { setTimeout as delay } from 'node:timers/promises';
import { CallError, type NextResult, rpcCodes } from '../../bridge/index.ts';
import type { Source, SourceBatch } from '../../connectors/index.ts';
import { growingPause, NstackError } from '../../core/index.ts';
import { describe } from './describe.ts';
import type { OpenInstance } from './lane.ts';

export interface ServiceSourceOptions {
  /** For messages. */
  readonly label: string;
  readonly functionName: string;
  /** What was committed, by partition; a service has one. */
  readonly positions: Readonly<Record<string, unknown>> | undefined;
  /** At most this many messages, those that do not fit among them. */
  readonly rows?: number;
  /** Starts an instance. */
  open(): Promise<OpenInstance>;
  /** Told what went wrong, in one line, where it is tried again. */
  log(line: string): void;
}

/** Items that are asked for at once. */
const credit = 512;
/** Failures in a row, without one item between them, after which the source has failed. */
const mostInARow = 16;
const pauses = { first: 100, longest: 30_000, jitter: 0.2 } as const;
/** Milliseconds that a service may take for a position that is confirmed. */
const ackTimeout = 30_000;

interface Session extends OpenInstance {
  /** Whether its source was begun, so that it goes on by itself. */
  begun: boolean;
}

/** A batch that was handed over and not yet committed. */
interface Handed {
  readonly position: string;
  /** The run of the source that gave it: another one cannot know it. */
  readonly run: object;
}

/**
 * A service as a source. An instance that is lost is replaced, and a source that fails begun anew, with growing pauses; it goes on from the position of the last batch
 * that was handed over, since those before are the flow's. What is committed is told to the service with `ack`, if it came from the run of the source that
 * is under way. Positions are the JSON texts that the service wrote.
 */
export function createServiceSource(options: ServiceSourceOptions): Source {
  const { label, functionName, rows } = options;
  const closing = new AbortController();
  const handed: Handed[] = [];
  let position = givenPosition(options.positions);
  let opening: Promise<Session> | undefined;
  let session: Session | undefined;
  let run = {};
  let done = 0;
  let failures = 0;

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    const ending = AbortSignal.any([signal, closing.signal]);
    while (!ending.aborted && (rows === undefined || done < rows)) {
      const result = await ask(ending);
      if (result === undefined) continue;
      const count = result.positions.length;
      done += count;
      position = result.positions.at(-1) ?? position;
      if (count > 0) {
        handed.push({ position: position ?? 'null', run });
        yield batchOf(result, position);
      }
      if (result.end) return;
    }
  }

  /** Undefined where it has failed, and a pause is over, or where it is ended. */
  async function ask(ending: AbortSignal): Promise<NextResult | undefined> {
    const wanted = rows === undefined ? credit : Math.min(credit, rows - done);
    try {
      const current = session ?? (await open());
      const begins = !current.begun;
      if (begins) run = {};
      current.begun = true;
      const result = await current.peer.next(functionName, {
        credit: wanted,
        signal: ending,
        ...(begins && position !== undefined ? { position } : {}),
      });
      failures = 0;
      return result;
    } catch (error) {
      if (!ending.aborted) await recover(error, ending);
      return undefined;
    }
  }

  async function recover(error: unknown, ending: AbortSignal): Promise<void> {
    failures++;
    if (error instanceof CallError) {
      if (error.rpc.code === rpcCodes.methodNotFound) throw noSource(error);
      // The source itself has failed: the instance lives, and begins it anew.
      if (session !== undefined) session.begun = false;
    } else {
      const first = session === undefined && done === 0 && failures === 1;
      await leave();
      if (first) throw error;
    }
    if (failures > mostInARow) {
      throw new NstackError(
        'service-failed',
        `${label}: the source failed ${failures} times in a row; the last time: ${describe(error)}`,
        { hint: 'Its log above says more.', cause: error },
      );
    }
    options.log(`${label}: ${describe(error)}; it is begun again from ${position ?? 'its beginning'}`);
    await delay(growingPause(failures, pauses), undefined, { signal: ending }).catch(() => {});
  }

  function open(): Promise<Session> {
    opening = options.open().then((instance) => {
      session = { ...instance, begun: false };
      return session;
    });
    return opening;
  }

  async function leave(): Promise<void> {
    const left = session;
    session = undefined;
    await left?.close();
  }

  function noSource(cause: CallError): NstackError {
    return new NstackError('service-failed', `${label} cannot be read from: ${cause.message}`, {
      hint: 'A service that was built by an older nstack has no sources: build it again.',
      cause,
    });
  }

  function batchOf({ items, count, failed, positions }: NextResult, last: string | undefined): SourceBatch {
    return {
      // Without the brackets.
      items: count === 0 ? [] : [items.subarray(1, -1)],
      count,
      rejected: failed.map(({ index, error, payload }, nth) => ({
        payload: payload ?? new Uint8Array(),
        message: error.message,
        place: `${label}, position ${positions[index]}`,
        after: index - nth,
      })),
      position: last,
    };
  }

  async function commit(confirmed: unknown): Promise<void> {
    const at = handed.findIndex((one) => one.position === confirmed);
    const [last] = handed.splice(0, at + 1).slice(-1);
    if (last === undefined || last.run !== run || session === undefined) return;
    try {
      await session.peer.ack(functionName, last.position, { timeout: ackTimeout });
    } catch (error) {
      options.log(`${label}: was told that ${last.position} is confirmed, and failed: ${describe(error)}`);
    }
  }

  let closed: Promise<void> | undefined;
  return {
    read,
    commit,
    close() {
      closing.abort();
      // One that is being opened at this moment is left too.
      closed ??= Promise.allSettled([opening]).then(leave);
      return closed;
    },
    progress: () => ({ unit: 'messages', done, total: rows }),
  };
}

/** The text of the one partition's position; a position that another kind of source left is JSON all the same. */
function givenPosition(positions: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const [given] = Object.values(positions ?? {});
  return given === undefined || typeof given === 'string' ? given : JSON.stringify(given);
}
