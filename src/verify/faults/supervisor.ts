import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startSupervisor } from '../../client/index.ts';
import { killProcess, type Target } from '../target.ts';
import type { Fault } from './fault.ts';

/** Milliseconds that whoever else looks after the supervisor has to start it again. */
const othersTurn = 15_000;

export function supervisorFault({ client, env, packageRoot }: Target): Fault {
  /** How the one that was killed had been started; undefined: by something that will do so again, such as systemd. */
  let args: readonly string[] | undefined;

  const answers = () =>
    client.info().then(
      () => true,
      () => false,
    );

  return {
    name: 'supervisor',
    describe: 'the supervisor dies (SIGKILL) and is started again',
    lasts: { least: 0, most: 1_000 },
    async inject() {
      const info = await client.info().catch(() => undefined);
      if (info === undefined) return undefined;
      args = await argumentsOf(info.pid);
      if (!killProcess(info.pid)) return undefined;
      return `killed the supervisor, process ${info.pid}`;
    },
    async heal() {
      for (const end = Date.now() + othersTurn; args === undefined && Date.now() < end; await delay(100))
        if (await answers()) return;
      await startSupervisor({ env, packageRoot, args: args ?? [] });
    },
  };
}

/** The arguments of a supervisor's own program, which `nstack start` and `nstack supervisor start` start in the background. */
async function argumentsOf(pid: number): Promise<readonly string[] | undefined> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = line.split('\0').slice(0, -1);
  const program = words.findIndex((word) => word.endsWith('/supervisor.mjs'));
  return program < 0 ? undefined : words.slice(program + 1);
}
