import type { CliCommand } from '../command.ts';
import { connectionsOption } from '../options.ts';

export const call: CliCommand = {
  usage: 'call <function> [json...]',
  summary: 'call one function of a built service and print its result as JSON',
  options: [
    { flags: '--set <name=json...>', description: 'value of a config parameter of the service' },
    {
      flags: '--timeout <milliseconds>',
      description: 'how long the call may take (default: the limit of the service)',
    },
    connectionsOption,
  ],
  examples: [
    `nstack call Score.score '{"delay": 42, "distance": 812}'`,
    'nstack call ClickAnalytics.analyse \'"hello"\'',
  ],
  async run(context, [name = '', ...json], options) {
    const [{ callFunction }, { secretsOf }] = await Promise.all([
      import('../call-function.ts'),
      import('../secrets-of.ts'),
    ]);
    const result = await callFunction(name, json, {
      set: Array.isArray(options.set) ? options.set : [],
      timeout: options.timeout,
      secrets: (service) => secretsOf(context, options.connections, service),
      signal: context.signal,
      onLogLine: (line) => context.stderr.write(`${line}\n`),
    });
    context.stdout.write(`${result}\n`);
    return 0;
  },
};
