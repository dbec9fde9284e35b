import { checkedPlan, type SupervisorClient } from '../client/index.ts';
import { connectionsPath } from '../connectors/connections/index.ts';
import { NstackError } from '../core/index.ts';
import { connectEngine } from '../engine/index.ts';
import { listServices } from '../registry/index.ts';
import { type AuditedEnds, type AuditedOutput, auditedEnds } from './audited-ends.ts';
import { endsByItself } from './counterpart.ts';
import { createFaults } from './faults/create-faults.ts';
import type { Fault } from './faults/fault.ts';
import { createJudge, type Judge } from './judge.ts';
import type { Surroundings } from './leftovers.ts';
import { createMarker, type Marker, mostMessages } from './marker.ts';
import { createMessageMaker, type MessageMaker } from './message-maker.ts';
import { createRandom, type Random } from './random.ts';
import type { VerifyRequest, VerifySurroundings } from './verify-request.ts';

/** An audit of which everything is known that can be known before the start. */
export interface Audit {
  /** Name of the workflow: it is the audit's own. */
  readonly name: string;
  readonly connectionsFile: string;
  readonly ends: AuditedEnds;
  readonly outputs: readonly (AuditedOutput & { readonly judge: Judge })[];
  /** The source reads what is there when it starts, so that all messages must be. */
  readonly atOnce: boolean;
  readonly marker: Marker;
  readonly make: MessageMaker;
  readonly faults: readonly Fault[];
  /** Faults that are injected in all. */
  readonly kills: number;
  readonly random: Random;
  readonly surroundings: Surroundings;
}

/** Throws NstackError for all that would be wrong later; nothing is started or written. */
export async function prepareAudit(
  request: VerifyRequest,
  { env, packageRoot, signal }: VerifySurroundings,
  client: SupervisorClient,
): Promise<Audit> {
  const { text, file, folder, messages, lanes, seed } = request;
  if (messages > mostMessages)
    throw new NstackError('usage', `an audit has at most ${mostMessages} messages, not ${messages}`);
  const { stateFolder, connectionsFile = connectionsPath(env, env.NSTACK_CONNECTIONS, folder) } =
    await localInfo(client);
  const engine = await connectEngine({ signal });
  const services = await listServices(engine);
  const ends = auditedEnds(await checkedPlan({ text, file, services, connectionsFile }));
  await requireQuiet(client, text);
  const marker = createMarker();
  const name = `verify-${marker.run}`;
  const random = createRandom(seed);
  const target = { workflow: name, stateFolder, client, engine, env, packageRoot, random };
  const faults = request.kills === 0 ? [] : createFaults(request.faults, target);
  for (const fault of faults) await fault.check?.();
  return {
    name,
    connectionsFile,
    ends,
    outputs: ends.outputs.map((output) => ({ ...output, judge: createJudge({ messages, lanes }) })),
    atOnce: endsByItself(ends.input),
    marker,
    make: createMessageMaker({ ...request, type: ends.input.type, marker }),
    faults,
    kills: faults.length === 0 ? 0 : request.kills,
    random,
    surroundings: {
      engine,
      stateFolder,
      packageRoot,
      services: ends.services,
      supervisor: async () => (await client.info()).pid,
    },
  };
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
