import { setTimeout as pause } from 'node:timers/promises';
import { growingPause, type NstackError } from '../../core/index.ts';
import { brokerError, mayHeal } from './broker-error.ts';
import { type Link, openLink } from './link.ts';
import type { RabbitSettings } from './settings.ts';

/** A link that is opened again whenever it is lost, until it is closed. */
export interface Session {
  /** No new link after this one. */
  settle(): void;
  /** Ends the link in order, and with it the session. May be called twice. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly settings: RabbitSettings;
  /** For the log and the broker's list of connections: `rabbitMQ/orders`. */
  readonly shown: string;
  readonly title: string;
  readonly confirms: boolean;
  readonly log: (line: string) => void;
  /** Makes a new link ready: declares, consumes. Throws what the broker says. */
  setUp(link: Link): Promise<void>;
  /** The link is gone, also where it never became ready: nothing of it can be used any more. True: a new one helps, whatever the reason says. */
  onLost(reason: unknown): boolean;
  /** The session is over: waiting does not heal this. */
  onFailed(error: NstackError): void;
}

const pauses = { first: 100, longest: 5_000, jitter: 0.5 } as const;
const setUpLimit = 15_000;

/**
 * Opens it at once, and returns before it is open. The broker may be away for as long as it takes; what it refuses at the first meeting is final,
 * a connection that it refuses later may be a part of its coming back (an authority that is not up yet).
 */
export function openSession(options: SessionOptions): Session {
  const { settings, shown, title, confirms, log } = options;
  const ended = new AbortController();
  const { signal } = ended;
  let link: Link | undefined;
  let isSettled = false;
  let hasWorked = false;

  async function run(): Promise<void> {
    let attempts = 0;
    while (!isSettled) {
      try {
        link = await openLink(settings, { title, confirms, signal, onBlocked });
        await withinLimit(options.setUp(link));
      } catch (cause) {
        const error = brokerError(cause, settings);
        const isFinal = !mayHeal(error) && (link !== undefined || !hasWorked);
        if (link !== undefined) {
          await link.close();
          link = undefined;
          // A set-up that took too long may have come to its end meanwhile.
          options.onLost(cause);
        }
        if (isSettled) return;
        if (isFinal) return options.onFailed(error);
        attempts++;
        await waitBefore(attempts, error);
        continue;
      }
      if (attempts > 0) log(`${shown}: connected to ${link.server} again`);
      attempts = 0;
      hasWorked = true;
      const reason = await link.gone;
      await link.close();
      link = undefined;
      const isHandled = options.onLost(reason);
      if (isSettled) return;
      const error = brokerError(reason, settings);
      if (!mayHeal(error) && !isHandled) return options.onFailed(error);
      attempts = 1;
      await waitBefore(attempts, error);
    }
  }

  async function waitBefore(attempts: number, error: NstackError): Promise<void> {
    // What lost the broker together does not come back together.
    const length = growingPause(attempts, pauses);
    const isLongest = growingPause(attempts, { ...pauses, jitter: 0 }) === pauses.longest;
    // Every line while pauses grow, then one a minute or so.
    if (!isLongest || attempts % 12 === 0)
      log(`${shown}: ${error.message}; trying again${attempts > 1 ? ` in ${seconds(length)}` : ''}`);
    await pause(length, undefined, { signal }).catch(() => {});
  }

  function onBlocked(reason: string | undefined): void {
    if (reason === undefined) log(`${shown}: the broker takes messages again`);
    else log(`${shown}: the broker takes no messages: ${reason}`);
  }

  const running = run();
  return {
    settle() {
      isSettled = true;
    },
    async close() {
      isSettled = true;
      await link?.close();
      ended.abort();
      await running;
    },
  };
}

/** A broker that has only just started may take a question about a queue and never answer it, while its heartbeats go on. */
async function withinLimit(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), setUpLimit);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
