import { setTimeout as delay } from 'node:timers/promises';
import { connectSupervisor, type SupervisorClient, type WorkflowInfo } from '../client/index.ts';
import { type ErrorMessage, unlessAborted } from '../core/index.ts';
import { createExcuser } from './excuse-dead-letters.ts';
import { allowedMessages, type InjectedFault } from './inject-faults.ts';
import { leftovers, lookBefore } from './leftovers.ts';
import { type AuditStreams, openStreams } from './open-streams.ts';
import { type Audit, prepareAudit } from './prepare-audit.ts';
import { faultsOf, type VerifyReport } from './report.ts';
import { runAudit } from './run-audit.ts';
import { removeWorkflow, stopWorkflow } from './stop-workflow.ts';
import type { VerifyRequest, VerifySurroundings } from './verify-request.ts';

/** Milliseconds of silence after which nothing more is on its way, and the longest that is waited for it. */
const silence = 1_000;
const longestSettling = 15_000;
const glance = 100;

/**
 * Runs a workflow under the supervisor that the environment names, with numbered messages at its source and faults on the way, and reports what became of each. The
 * workflow gets a name of its own, and is stopped and forgotten afterwards, whatever happens.
 */
export async function verifyWorkflow(
  request: VerifyRequest,
  around: VerifySurroundings,
): Promise<VerifyReport> {
  const client = await connectSupervisor({ env: around.env });
  try {
    const audit = await prepareAudit(request, around, client);
    return await carryOut(audit, request, around, client);
  } finally {
    client.close();
  }
}

async function carryOut(
  audit: Audit,
  request: VerifyRequest,
  { signal, log, onProgress }: VerifySurroundings,
  client: SupervisorClient,
): Promise<VerifyReport> {
  const { text, file, folder, messages, grace } = request;
  const { name, ends, outputs, marker, kills, atOnce, surroundings } = audit;
  const started = new Date().toISOString();
  const excuser = createExcuser(client, name, outputs, marker);
  const end = new AbortController();
  const interrupt = () => end.abort(signal.reason);
  signal.addEventListener('abort', interrupt, { once: true });
  const injected: InjectedFault[] = [];
  let faultsOver = 0;
  let streams: AuditStreams | undefined;
  let work: Promise<void> | undefined;
  let isThere = false;
  try {
    const before = await lookBefore(surroundings);
    streams = await openStreams({
      ...request,
      ...audit,
      signal: end.signal,
      log,
      allowed: () => (atOnce ? messages : allowedMessages(messages, faultsOver, kills)),
      onRefused(number) {
        for (const { judge } of outputs) judge.excuse(number);
      },
    });
    if (atOnce) await unlessAborted(streams.write(), signal);
    isThere = true;
    await unlessAborted(client.start({ name, text, file, folder }), signal);
    log(`${name} runs: ${ends.inputLabel} to ${outputs.map(({ label }) => label).join(', ')}`);
    work = runAudit({
      audit,
      request,
      client,
      streams,
      excuser,
      end,
      log,
      onInjected: (fault) => injected.push(fault),
      onFaultsOver(count) {
        faultsOver = count;
      },
      onProgress: (progress) => onProgress({ ...progress, injected: injected.length }),
    });
    await unlessAborted(work, signal);
    await settle(streams);
    await stopWorkflow(client, name, grace, log);
    await settle(streams);
    await excuser.look();
    const sent = streams.sent();
    const seconds = (streams.lastCame() - streams.began()) / 1000;
    const [info, history] = await Promise.all([client.get(name), client.history(name, 10_000)]);
    const verdicts = outputs.map(({ label, judge }) => ({ label, ...judge.verdict(sent) }));
    await streams.close();
    await removeWorkflow(client, name);
    isThere = false;
    const found = {
      messages,
      sent,
      outputs: verdicts,
      leftovers: await leftovers(surroundings, before),
      expected: request.expected,
      ...failureOf(info),
    };
    const faults = faultsOf(found);
    return {
      verdict: faults.length === 0 ? 'passed' : 'failed',
      faults,
      workflow: name,
      text,
      run: marker.run,
      seed: request.seed,
      started,
      seconds,
      rate: seconds > 0 ? Math.min(...verdicts.map(({ arrived }) => arrived)) / seconds : 0,
      ...found,
      deadLetters: excuser.letters,
      kills,
      injected,
      restarts: history
        .filter(({ event }) => event === 'crashed')
        .map(({ at, detail }) => ({ at, why: detail })),
    };
  } finally {
    end.abort();
    signal.removeEventListener('abort', interrupt);
    // What was injected is healed before anything is asked of the supervisor.
    await work?.catch(() => {});
    await streams?.close();
    if (isThere) {
      await stopWorkflow(client, name, 0, log).catch(() => {});
      await removeWorkflow(client, name).catch((error: unknown) =>
        log(`${name} could not be removed: ${(error as Error).message}`),
      );
    }
  }
}

/** Waits until what is on its way, such as duplicates, has come. */
async function settle({ lastCame }: AuditStreams): Promise<void> {
  const until = performance.now() + longestSettling;
  while (performance.now() < until && performance.now() - lastCame() < silence) await delay(glance);
}

function failureOf({ state, error }: WorkflowInfo): { readonly failure?: ErrorMessage } {
  return state === 'failed' && error !== undefined ? { failure: error } : {};
}
