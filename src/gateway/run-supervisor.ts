import { join } from 'node:path';
import { type ErrorMessage, NstackError, socketPath, stateFiles, toErrorMessage } from '../core/index.ts';
import { makeStateFolder } from '../supervisor/state/state-folder.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { SupervisorGreeting } from '../workflow/index.ts';
import type { ConnectionDesk } from './connection-desk.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { rotateLog } from './rotate-log.ts';
import { createRoutes } from './routes.ts';
import { createInfo } from './supervisor-info.ts';
import { readSupervisorOptions, type SupervisorOptions } from './supervisor-options.ts';
import { tellStates } from './tell-states.ts';
import { readToken } from './token.ts';

/**
 * Opens the supervisor of a state folder, which nobody else has from then on. Rejects with `supervisor-unavailable` where another has it. A call of its `close` with
 * `now`, while one without it waits, makes that one end.
 */
export type OpenSupervisor = (
  options: SupervisorOptions,
  log: (line: string) => void,
) => Promise<OpenedSupervisor>;

export interface OpenedSupervisor {
  readonly supervisor: Supervisor;
  readonly connections: ConnectionDesk;
  readonly connectionsFile?: string;
}

/** Milliseconds between two empty lines on a stream of events. */
const heartbeat = 15_000;

/**
 * The supervisor's program: opens the supervisor, serves its API, and ends it in order on SIGTERM, SIGINT, SIGHUP or `POST /v1/stop`; a second signal does not wait for
 * what is on its way. It says over the IPC channel, where there is one, that it is ready or why it is not, and lets go of it. Its log is stderr.
 */
export async function runSupervisor(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  open: OpenSupervisor,
): Promise<void> {
  try {
    await serve(readSupervisorOptions(argv, env), open);
  } catch (error) {
    const message = toErrorMessage(error);
    log(textOf(message));
    await greet({ kind: 'failed', error: message });
    process.exit(error instanceof NstackError ? error.exitCode : 70);
  }
}

async function serve(options: SupervisorOptions, open: OpenSupervisor): Promise<void> {
  const socket = socketPath(options.stateFolder);
  await makeStateFolder(options.stateFolder);
  rotateLog(join(options.stateFolder, stateFiles.log));
  const opened = await open(options, log);
  const { supervisor, connections } = opened;
  tellStates(supervisor, log);

  const listens: string[] = [];
  const info = createInfo(options, opened, listens);
  let asked = 0;

  async function stop({ now }: { readonly now: boolean }): Promise<void> {
    asked += 1;
    log(now ? 'ending at once' : 'ending: what was read is finished first');
    const closed = supervisor.close({ now });
    if (asked === 1) void closed.then(() => 0, fail).then((code) => setImmediate(end, gateway, code));
    await closed;
  }

  const gateway = createGateway({
    routes: createRoutes({ supervisor, connections, info, stop, stopping: () => asked > 0, heartbeat }),
    onDefect: fail,
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => void stop({ now: asked > 0 }).catch(() => undefined));
  }
  try {
    listens.push(await gateway.listenUnix(socket));
    if (options.listen !== undefined) {
      const token = await readToken(join(options.stateFolder, stateFiles.token));
      listens.push(await gateway.listenTcp(options.listen, token));
    }
  } catch (error) {
    await supervisor.close({ now: true });
    await gateway.close();
    throw error;
  }
  log(`ready: ${listens.join(', ')}; the state is in ${options.stateFolder}`);
  await greet({ kind: 'ready', info: info() });
}

async function end(gateway: Gateway, code: number): Promise<void> {
  await gateway.close();
  log('ended');
  process.exit(code);
}

function fail(error: unknown): number {
  log(textOf(toErrorMessage(error)));
  return 70;
}

function textOf({ message, hint, diagnostics }: ErrorMessage): string {
  const findings = diagnostics.map((finding) => finding.message);
  return [message, ...findings, ...(hint === undefined ? [] : [hint])].join('\n  ');
}

function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

async function greet(greeting: SupervisorGreeting): Promise<void> {
  if (!process.connected) return;
  // Whoever started it may be gone by now, which is no fault.
  await new Promise((resolve) => process.send?.(greeting, resolve));
  if (process.connected) process.disconnect();
}
