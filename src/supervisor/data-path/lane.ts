import { setTimeout as delay } from 'node:timers/promises';
import type { BlockResult, BridgePeer } from '../../bridge/index.ts';
import { growingPause, NstackError } from '../../core/index.ts';
import { describe } from './describe.ts';

/** A started service with its handshake done. `close` kills it if need be and removes what it left. */
export interface OpenInstance {
  readonly peer: BridgePeer;
  close(): Promise<void>;
}

export interface LaneOptions {
  /** For messages. */
  readonly label: string;
  readonly functionName: string;
  /** Milliseconds the block at the head may take. */
  readonly timeout: number;
  open(): Promise<OpenInstance>;
  /** Told when an instance is given up and a new one is on its way. */
  onReplaced(reason: string): void;
}

/**
 * One instance of a stage, replaced when it dies or hangs. A service works in order, so when it is lost the oldest unanswered block is
 * what it was at: that block's `send` is rejected as blamed, the others' as bystanders, and all may be sent again.
 */
export interface Lane {
  /** Starts the first instance. */
  ready(): Promise<void>;
  /** Rejects with LaneLost, with a CallError where the service refused the whole block, or with NstackError where the lane is beyond repair. */
  send(
    pieces: readonly Uint8Array[],
    count: number,
    options?: BlockOptions,
  ): Promise<{ readonly result: BlockResult; readonly milliseconds: number }>;
  readonly inFlight: number;
  /** Whether its instance, once that is there, heeds `stopAtFailure`. */
  readonly stopsAtFailure: boolean;
  close(): Promise<void>;
}

/** As {@link BridgePeer.block} has them. */
export interface BlockOptions {
  readonly stopAtFailure?: boolean;
}

/** The instance was lost while a block was with it. */
export class LaneLost extends Error {
  readonly blamed: boolean;

  constructor(message: string, blamed: boolean) {
    super(message);
    this.blamed = blamed;
  }
}

/** Deaths in a row, without one answer between them, after which the workflow fails. */
const mostDeathsInARow = 16;
const pauses = { first: 50, longest: 500 } as const;
const watchInterval = 50;

/** Ways in which an instance fails to start that the next one need not. */
const mayComeUp: ReadonlySet<string> = new Set([
  'service-failed',
  'instance-died',
  'protocol-breach',
  'timeout',
]);

interface Session extends OpenInstance {
  inFlight: number;
  /** When the block at the head became the head. */
  headSince: number;
  lost: string | undefined;
  blamed: boolean;
}

export function createLane(options: LaneOptions): Lane {
  let current = openSession();
  let deathsInARow = 0;
  let closing = false;
  let inFlight = 0;
  let stopsAtFailure = false;
  const leaving = new Set<Promise<void>>();
  current.catch(() => {});

  async function openSession(): Promise<Session> {
    const { peer, close } = await options.open();
    stopsAtFailure = peer.stopsAtFailure;
    const session: Session = { peer, close, inFlight: 0, headSince: 0, lost: undefined, blamed: false };
    const watch = setInterval(() => {
      const waited = performance.now() - session.headSince;
      if (session.inFlight > 0 && waited > options.timeout)
        lose(session, `gave no answer within ${options.timeout} ms`);
    }, watchInterval);
    void peer.closed.then((reason) => {
      clearInterval(watch);
      lose(session, 'message' in reason ? reason.message : 'was closed');
    });
    return session;
  }

  function lose(session: Session, reason: string): void {
    if (session.lost !== undefined || closing) return;
    session.lost = reason;
    session.peer.close();
    leave(session);
    deathsInARow++;
    options.onReplaced(reason);
    current = replace(reason);
    current.catch(() => {});
  }

  function leave(session: OpenInstance): void {
    const left = session.close().finally(() => leaving.delete(left));
    leaving.add(left);
    left.catch(() => {});
  }

  /** Starts the next instance; one that is lost before it was there counts as another death. */
  async function replace(reason: string): Promise<Session> {
    for (let last = reason; ; ) {
      if (deathsInARow > mostDeathsInARow) {
        throw new NstackError(
          'service-failed',
          `${options.label}: ${deathsInARow} instances in a row were lost; the last one ${last}`,
          {
            hint: 'Its log above says more; `nstack call` sends it one message at a time.',
          },
        );
      }
      // The first replacement is at once: a single death is an accident, a row of them a condition that needs time.
      if (deathsInARow > 1) await delay(growingPause(deathsInARow, pauses));
      if (closing) throw new NstackError('interrupted', `${options.label} is being closed`);
      try {
        return await openSession();
      } catch (error) {
        if (closing || !(error instanceof NstackError) || !mayComeUp.has(error.code)) throw error;
        last = `did not come up: ${error.message}`;
        deathsInARow++;
        options.onReplaced(last);
      }
    }
  }

  async function send(pieces: readonly Uint8Array[], count: number, how: BlockOptions = {}) {
    inFlight++;
    try {
      const session = await current;
      if (session.lost !== undefined) throw new LaneLost(session.lost, false);
      return await sendTo(session, pieces, count, how);
    } finally {
      inFlight--;
    }
  }

  async function sendTo(session: Session, pieces: readonly Uint8Array[], count: number, how: BlockOptions) {
    if (session.inFlight++ === 0) session.headSince = performance.now();
    try {
      const result = await session.peer.block(options.functionName, pieces, count, how);
      deathsInARow = 0;
      return { result, milliseconds: performance.now() - session.headSince };
    } catch (error) {
      if (!(error instanceof NstackError) || closing) throw error;
      lose(session, describe(error));
      const blamed = !session.blamed;
      session.blamed = true;
      throw new LaneLost(session.lost ?? describe(error), blamed);
    } finally {
      session.inFlight--;
      session.headSince = performance.now();
    }
  }

  return {
    async ready() {
      await current;
    },
    send,
    get inFlight() {
      return inFlight;
    },
    get stopsAtFailure() {
      return stopsAtFailure;
    },
    async close() {
      closing = true;
      const session = await current.catch(() => undefined);
      if (session !== undefined && session.lost === undefined) leave(session);
      await Promise.allSettled(leaving);
    },
  };
}
