import { setTimeout as delay } from 'node:timers/promises';
import { checkedPlan, connectSupervisor, type SupervisorClient, type WorkflowInfo } from '../client/index.ts';
import { connectionsPath } from '../connectors/connections/index.ts';
import { type ErrorMessage, NstackError } from '../core/index.ts';
import { connectEngine } from '../engine/index.ts';
import { listServices } from '../registry/index.ts';
import { type AuditedEnds, auditedEnds } from './audited-ends.ts';
import { endsByItself } from './counterpart.ts';
import { createExcuser } from './excuse-dead-letters.ts';
import { createFaults, type WantedFaults } from './faults/create-faults.ts';
import { allowedMessages, type InjectedFault, injectFaults } from './inject-faults.ts';
import { createJudge, type Judge } from './judge.ts';
import { leftovers, lookBefore, type Surroundings } from './leftovers.ts';
import { createMarker, mostMessages } from './marker.ts';
import { createMessageMaker } from './message-maker.ts';
import { type AuditStreams, openStreams } from './open-streams.ts';
import { createRandom } from './random.ts';
import { type Expectation, faultsOf, type VerifyReport } from './report.ts';
import { removeWorkflow, stopWorkflow } from './stop-workflow.ts';
import type { Target } from './target.ts';

export interface VerifyRequest {
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  readonly messages: number;
  /** Messages a second that are put in; undefined: as fast as they are taken. */
  readonly rate?: number;
  /** The whole message, with `{n}` and `{lane}` in it. */
  readonly template?: string;
  /** Field of the input that gets the number. */
  readonly sequence?: string;
  /** Field of the output that has it; undefined: it is searched. */
  readonly output?: string;
  /** Field of the input that tells lanes apart. */
  readonly key?: string;
  /** Sequences that are each kept in order. */
  readonly lanes: number;
  readonly faults: WantedFaults;
  readonly kills: number;
  /** Milliseconds. */
  readonly every: number;
  readonly grace: number;
  readonly seed: number;
  readonly expected: readonly Expectation[];
}

export interface VerifySurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of nstack's package.json. */
  readonly packageRoot: string;
  /** Aborted: the audit ends, and what it started with it. */
  readonly signal: AbortSignal;
  /** A line for people. */
  log(line: string): void;
  onProgress(progress: VerifyProgress): void;
}

export interface VerifyProgress {
  readonly sent: number;
  /** At the output that is furthest behind. */
  readonly arrived: number;
  readonly injected: number;
}

/** Milliseconds between two looks, and of silence after which nothing more is on its way. */
const glance = 100;
const silence = 1_000;
const longestSettling = 15_000;

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
    return await audit(request, around, client);
  } finally {
    client.close();
  }
}

async function audit(
  request: VerifyRequest,
  around: VerifySurroundings,
  client: SupervisorClient,
): Promise<VerifyReport> {
  const { text, file, folder, messages, lanes, seed, grace } = request;
  const { env, packageRoot, signal, log } = around;
  const started = new Date();
  if (messages > mostMessages)
    throw new NstackError('usage', `an audit has at most ${mostMessages} messages, not ${messages}`);
  const { stateFolder, connectionsFile = connectionsPath(env, env.NSTACK_CONNECTIONS, folder) } =
    await localInfo(client);
  const engine = await connectEngine({ signal });
  const ends = await endsOf(request, connectionsFile, await listServices(engine));
  await requireQuiet(client, text);

  const marker = createMarker();
  const name = `verify-${marker.run}`;
  const random = createRandom(seed);
  const make = createMessageMaker({ ...request, type: ends.input.type, marker });
  const outputs = ends.outputs.map((output) => ({ ...output, judge: createJudge({ messages, lanes }) }));
  const excuser = createExcuser(client, name, outputs, marker);
  const target: Target = { workflow: name, stateFolder, client, engine, env, packageRoot, random };
  const faults = request.kills === 0 ? [] : createFaults(request.faults, target);
  for (const fault of faults) await fault.check?.();
  const { services } = ends;
  const surroundings: Surroundings = {
    engine,
    stateFolder,
    packageRoot,
    services,
    supervisor: async () => (await client.info()).pid,
  };
  const before = await lookBefore(surroundings);
  // A file that is not followed must hold all messages when the workflow starts.
  const atOnce = endsByItself(ends.input);

  const end = new AbortController();
  const over = AbortSignal.any([end.signal, signal]);
  const injected: InjectedFault[] = [];
  const kills = faults.length === 0 ? 0 : request.kills;
  let faultsOver = 0;
  let streams: AuditStreams | undefined;
  let begun = false;
  let work: Promise<void> | undefined;
  try {
    streams = await openStreams({
      ...request,
      ends,
      outputs,
      make,
      marker,
      connectionsFile,
      signal: over,
      log,
      allowed: () => (atOnce ? messages : allowedMessages(messages, faultsOver, kills)),
      onRefused(number) {
        for (const { judge } of outputs) judge.excuse(number);
      },
    });
    if (atOnce) await whileRunning(streams.write(), signal);
    begun = true;
    await whileRunning(client.start({ name, text, file, folder }), signal);
    log(`${name} runs: ${ends.inputLabel} to ${outputs.map(({ label }) => label).join(', ')}`);
    work = runToEnd(streams);
    await whileRunning(work, signal);
    await settle(streams);
    await stopWorkflow(client, name, grace, log);
    await settle(streams);
    await excuser.look();
    const sent = streams.sent();
    const [info, history] = await Promise.all([client.get(name), client.history(name, 10_000)]);
    const verdicts = outputs.map(({ label, judge }) => ({ label, ...judge.verdict(sent) }));
    const milliseconds = streams.lastCame() - streams.began();
    await streams.close();
    begun = false;
    await removeWorkflow(client, name);
    const found = {
      messages,
      sent,
      outputs: verdicts,
      leftovers: await leftovers(surroundings, before),
      expected: request.expected,
      ...failureOf(info),
    };
    const reasons = faultsOf(found);
    return {
      verdict: reasons.length === 0 ? 'passed' : 'failed',
      faults: reasons,
      workflow: name,
      text,
      run: marker.run,
      seed,
      started: started.toISOString(),
      seconds: milliseconds / 1000,
      rate:
        milliseconds > 0 ? (Math.min(...verdicts.map(({ arrived }) => arrived)) * 1000) / milliseconds : 0,
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
    // What was injected is healed before anything is asked of the supervisor.
    await work?.catch(() => {});
    await streams?.close();
    if (begun) {
      await stopWorkflow(client, name, 0, log).catch(() => {});
      await removeWorkflow(client, name).catch((error: unknown) =>
        log(`${name} could not be removed: ${(error as Error).message}`),
      );
    }
  }

  /** Writes, injects and waits, until everything has come out or nothing does any more. */
  async function runToEnd({ write, sent, lastCame, failed }: AuditStreams): Promise<void> {
    const injecting = injectFaults({
      faults,
      count: kills,
      every: request.every,
      random,
      progress: () => arrived() / messages,
      over,
      onInjected(fault) {
        injected.push(fault);
        log(`${fault.at} ${fault.kind}: ${fault.what}`);
      },
      onOver(count) {
        faultsOver = count;
      },
    });
    try {
      const writing = atOnce ? Promise.resolve() : write();
      await Promise.race([failed, firstFailure(injecting), firstFailure(writing), waitForOutput()]);
    } finally {
      end.abort();
      await injecting;
    }

    async function waitForOutput(): Promise<void> {
      for (let looks = 1; !over.aborted; looks++, await delay(glance)) {
        around.onProgress({ sent: sent(), arrived: arrived(), injected: injected.length });
        const missing = outputs.some(({ judge }) => judge.missing(sent()) > 0);
        if (!missing && sent() === messages) return;
        if (performance.now() - lastCame() > grace) {
          log(`nothing has come out for ${grace / 1000} s: waiting no longer`);
          return;
        }
        // Dead letters are looked at now and then, and the supervisor may be away at the moment.
        if (looks % 10 === 0 && (await hasFailed())) return;
      }
    }
  }

  async function hasFailed(): Promise<boolean> {
    try {
      const { state, deadLetters } = await client.get(name);
      const { count, foreign } = excuser.letters;
      if (deadLetters !== count + foreign) await excuser.look();
      return state === 'failed';
    } catch (error) {
      if (error instanceof NstackError && error.exitCode === 75) return false;
      throw error;
    }
  }

  function arrived(): number {
    return Math.min(...outputs.map(({ judge }: { readonly judge: Judge }) => judge.arrived));
  }

  /** Waits until what is on its way, such as duplicates, has come. */
  async function settle({ lastCame }: AuditStreams): Promise<void> {
    for (const until = performance.now() + longestSettling; performance.now() < until; await delay(glance))
      if (performance.now() - lastCame() > silence && !signal.aborted) return;
  }
}

/** Rejects as the promise does, and never resolves. */
function firstFailure(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => work.catch(reject));
}

async function whileRunning<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    // One that goes on after the abort is waited for elsewhere.
    work.catch(() => {});
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function endsOf(
  { text, file }: VerifyRequest,
  connectionsFile: string,
  services: Awaited<ReturnType<typeof listServices>>,
): Promise<AuditedEnds> {
  return auditedEnds(await checkedPlan({ text, file, services, connectionsFile }));
}

/** The supervisor must be this machine's: its processes are killed, and its folders looked at. */
async function localInfo(client: SupervisorClient) {
  if (client.address.startsWith('unix:')) return client.info();
  throw new NstackError('usage', `the supervisor at ${client.address} may be another machine's`, {
    hint: 'Run the audit where the supervisor runs, without NSTACK_SUPERVISOR.',
  });
}

/** Two that read the same queue would each see half of it. */
async function requireQuiet(client: SupervisorClient, text: string): Promise<void> {
  const idle = ['defined', 'stopped', 'ended', 'failed'];
  const same = (await client.list()).find((known) => known.text === text && !idle.includes(known.state));
  if (same === undefined) return;
  throw new NstackError('usage', `${same.name} runs already, and would take the messages of the audit`, {
    hint: `Stop it first: \`nstack stop ${same.name}\`.`,
  });
}

function failureOf({ state, error }: WorkflowInfo): { readonly failure?: ErrorMessage } {
  return state === 'failed' && error !== undefined ? { failure: error } : {};
}
