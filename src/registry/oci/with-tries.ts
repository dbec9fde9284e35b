import { setTimeout } from 'node:timers/promises';
import { growingPause, NstackError, type Pauses } from '../../core/index.ts';
import { errorCode, hopeless, interruption, reasonOf, unavailable, wordsOf } from './failures.ts';
import type { HttpAnswer } from './http.ts';

/** What a question that is asked once fails with where another try may help. */
export class BrokenError extends Error {}

export interface Tries {
  readonly host: string;
  /** Completes "cannot ...": `push team/click`. */
  readonly doing: string;
  /** 1: fails with a {@link BrokenError} in place of `registry-unavailable`. */
  readonly most: number;
  readonly pauses: Pauses;
  readonly signal: AbortSignal;
  /** Whether the registry has answered anything before: one that has not, and refuses connections, is not there. */
  readonly known: () => boolean;
  readonly onWait: (text: string) => void;
}

const passing = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Whoever asks for a longer pause than this, in milliseconds, is given up on. */
const longestAsked = 120_000;

/**
 * Asks again, after growing pauses or those that the registry wishes, where an answer or its absence says that it may help. Fails with `registry-unavailable`
 * or `interrupted`; what `work` fails with as an NstackError passes as it is.
 */
export async function withTries(work: () => Promise<HttpAnswer>, tries: Tries): Promise<HttpAnswer> {
  const { host, doing, most, pauses, signal, known, onWait } = tries;
  for (let failures = 1; ; failures++) {
    const { answer, error, why, asked } = await oneTry();
    if (answer !== undefined) return answer;
    if (most === 1) throw new BrokenError(why, { cause: error });
    if (failures >= most || (asked ?? 0) > longestAsked) throw unavailable(host, doing, why, error);
    const pause = asked ?? growingPause(failures, pauses);
    onWait(`${host} ${why}; trying again in ${(pause / 1000).toFixed(1)} s`);
    await setTimeout(pause, undefined, { signal }).catch(() => {
      throw interruption(signal, doing);
    });
  }

  async function oneTry() {
    try {
      const answer = await work();
      if (!passing.has(answer.status)) return { answer, why: '' };
      const said = await wordsOf(answer);
      const why = `answered ${answer.status}${said === '' ? '' : ` (${said})`}`;
      return { why, asked: retryAfter(answer.headers['retry-after']) };
    } catch (error) {
      if (signal.aborted) throw interruption(signal, doing);
      if (error instanceof NstackError) throw error;
      const lost = hopeless(host, doing, error);
      if (lost !== undefined) throw lost;
      if (errorCode(error) === 'ECONNREFUSED' && !known())
        throw unavailable(host, doing, reasonOf(error), error);
      return { error, why: reasonOf(error) };
    }
  }
}

/** Milliseconds; the header holds seconds, or a date of HTTP. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
