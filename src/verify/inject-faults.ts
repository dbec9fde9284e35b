import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './faults/fault.ts';
import { between, type Random } from './random.ts';

export interface InjectFaultsOptions {
  /** Each comes equally often, in an order of chance; one that is there twice comes twice as often. */
  readonly faults: readonly Fault[];
  readonly count: number;
  /** Milliseconds: the longest that a fault which does not wait for messages comes after the one before. */
  readonly every: number;
  readonly random: Random;
  /** Share of the messages that have come out, 0 to 1. */
  progress(): number;
  /** No more of them: all has come out, or nothing does any more. */
  readonly over: AbortSignal;
  onInjected(fault: InjectedFault): void;
  /** So many are over, those among them for which there was nothing that they could be done to. */
  onOver(count: number): void;
}

export interface InjectedFault {
  readonly kind: string;
  /** What was done to whom. */
  readonly what: string;
  /** ISO 8601. */
  readonly at: string;
  /** Share of the messages that had come out, 0 to 1. */
  readonly progress: number;
}

/** How many messages may be put in while so many of the faults are over: enough for the next, and some are left for each of those to come. */
export function allowedMessages(messages: number, over: number, count: number): number {
  return over >= count ? messages : Math.ceil((messages * (over + 1.75)) / (count + 1));
}

/** One fault in so many does not wait for messages, so that it meets a workflow that is still getting up. */
const hasty = 4;
const glance = 20;
/** Milliseconds that a fault waits for something that it can be done to: a data path that died often is started again after half a minute. */
const patience = 45_000;

/**
 * Injects faults one after the other, in the midst of the messages: each comes when its share of them has come out, so that all meet messages on their way however fast
 * those are; and one in four at any moment after the one before. Rejects where a fault cannot be done or healed.
 */
export async function injectFaults(options: InjectFaultsOptions): Promise<void> {
  const { faults, count, every, random, over, onInjected, onOver } = options;
  const pause = async (milliseconds: number) => {
    await delay(milliseconds, undefined, { signal: over }).catch(() => {});
  };

  async function momentOf(nth: number): Promise<void> {
    const due = (nth + between(0.5, 1.5, random)) / (count + 1);
    const isHasty = nth > 0 && random() < 1 / hasty;
    const wait = random() * every;
    if (isHasty) return pause(wait);
    while (!over.aborted && options.progress() < due) await pause(glance);
  }

  const deck = shuffled(faults, count, random);
  for (const [nth, fault] of deck.entries()) {
    await momentOf(nth);
    const lasts = fault.lasts === undefined ? 0 : between(fault.lasts.least, fault.lasts.most, random);
    const until = performance.now() + patience;
    while (!over.aborted && performance.now() < until) {
      if (await injectOne(fault, lasts)) break;
      await pause(glance * 5);
    }
    if (over.aborted) return;
    onOver(nth + 1);
  }

  async function injectOne(fault: Fault, lasts: number): Promise<boolean> {
    try {
      const progress = options.progress();
      const what = await fault.inject(over);
      if (what === undefined) return false;
      onInjected({ kind: fault.name, what, at: new Date().toISOString(), progress });
      if (lasts > 0) await pause(lasts);
      return true;
    } catch (error) {
      if (over.aborted) return true;
      throw error;
    } finally {
      await fault.heal();
    }
  }
}

/** So many of them, each as often as the others but for one, shuffled (Fisher and Yates). */
function shuffled(faults: readonly Fault[], count: number, random: Random): readonly Fault[] {
  const deck = Array.from({ length: count }, (_, index) => faults[index % faults.length] as Fault);
  for (let last = deck.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [deck[last], deck[other]] = [deck[other] as Fault, deck[last] as Fault];
  }
  return deck;
}
