import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisorClient } from '../client/index.ts';
import { NstackError } from '../core/index.ts';
import type { Excuser } from './excuse-dead-letters.ts';
import { type InjectedFault, injectFaults } from './inject-faults.ts';
import type { AuditStreams } from './open-streams.ts';
import type { Audit } from './prepare-audit.ts';
import type { VerifyProgress, VerifyRequest } from './verify-request.ts';

export interface RunAuditOptions {
  readonly audit: Audit;
  readonly request: VerifyRequest;
  readonly client: SupervisorClient;
  readonly streams: AuditStreams;
  readonly excuser: Excuser;
  /** Aborted by this when all is over, and by others when they want it to be. */
  readonly end: AbortController;
  onInjected(fault: InjectedFault): void;
  onFaultsOver(count: number): void;
  onProgress(progress: Omit<VerifyProgress, 'injected'>): void;
  log(line: string): void;
}

/** Milliseconds between two looks at the judges; dead letters are looked at more rarely. */
const glance = 100;
const looksALetter = 10;

/** Writes, injects and waits, until everything has come out or nothing does any more; what was injected is healed then. */
export async function runAudit(options: RunAuditOptions): Promise<void> {
  const { audit, request, client, streams, excuser, end, log } = options;
  const { outputs, faults, kills, random, atOnce, name } = audit;
  const { messages, every, grace } = request;
  const over = end.signal;

  /** Messages that have come out, or need not, at the output that is furthest behind. */
  const settled = () => messages - Math.max(...outputs.map(({ judge }) => judge.missing(messages)));

  async function waitForOutput(): Promise<void> {
    let before = 0;
    let lastSettled = performance.now();
    for (let looks = 1; !over.aborted; looks++, await delay(glance)) {
      const now = performance.now();
      const done = settled();
      options.onProgress({ sent: streams.sent(), arrived: done });
      if (done >= messages) return;
      if (done > before) lastSettled = now;
      before = done;
      if (now - Math.max(lastSettled, streams.lastCame()) > grace) {
        log(`nothing has come out for ${grace / 1000} s: waiting no longer`);
        return;
      }
      if (looks % looksALetter === 0 && (await hasFailed())) return;
    }
  }

  async function hasFailed(): Promise<boolean> {
    try {
      const { state, deadLetters } = await client.get(name);
      const { count, foreign } = excuser.letters;
      if (deadLetters !== count + foreign) await excuser.look();
      return state === 'failed';
    } catch (error) {
      // The supervisor may be away at the moment.
      if (error instanceof NstackError && error.exitCode === 75) return false;
      throw error;
    }
  }

  const injecting = injectFaults({
    faults,
    count: kills,
    every,
    random,
    progress: () => settled() / messages,
    over,
    onInjected(fault) {
      options.onInjected(fault);
      log(`${fault.at} ${fault.kind}: ${fault.what}`);
    },
    onOver: options.onFaultsOver,
  });
  try {
    const writing = atOnce ? Promise.resolve() : streams.write();
    await Promise.race([streams.failed, firstFailure(injecting), firstFailure(writing), waitForOutput()]);
  } finally {
    end.abort();
    await injecting;
  }
}

/** Rejects as the promise does, and never resolves. */
function firstFailure(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => work.catch(reject));
}
