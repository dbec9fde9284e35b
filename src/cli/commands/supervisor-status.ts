import packageJson from '../../../package.json' with { type: 'json' };
import type { SupervisorInfo } from '../../client/index.ts';
import type { CliCommand } from '../command.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const supervisorStatus: CliCommand = {
  usage: 'supervisor status',
  summary: 'show the supervisor: where it listens, what it runs, and what it uses',
  options: [{ flags: '--json', description: 'print it as JSON' }],
  examples: ['nstack supervisor status', 'nstack supervisor status --json'],
  async run(context, _args, options) {
    const info = await withSupervisor(context, (client) => client.info());
    if (options.json === true) {
      context.stdout.write(`${JSON.stringify(info, undefined, 2)}\n`);
      return 0;
    }
    const { duration } = await import('../../client/words.ts');
    context.stdout.write(describe(info, duration((Date.now() - Date.parse(info.started)) / 1000)));
    if (info.version !== packageJson.version) {
      context.stderr.write(
        `it is nstack ${info.version}, and this is ${packageJson.version}: stop it and start it again to change that\n`,
      );
    }
    return 0;
  },
};

function describe(info: SupervisorInfo, uptime: string): string {
  const { pid, version, stateFolder, connectionsFile, listens, workflows, running, memory, cpuSeconds } =
    info;
  const facts = [
    ['process', `${pid}, nstack ${version}, for ${uptime}`],
    ...listens.map((address) => ['listens', address]),
    ['state', stateFolder],
    ...(connectionsFile === undefined ? [] : [['connections', connectionsFile]]),
    ['workflows', `${workflows}, of which ${running} run`],
    ['uses', `${Math.round(memory / 1024 ** 2)} MiB of memory, ${cpuSeconds.toFixed(1)} s of CPU`],
  ];
  return facts.map(([what = '', value]) => `${what.padEnd(11)} ${value}\n`).join('');
}
