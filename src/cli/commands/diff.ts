import type { CliCommand } from '../command.ts';
import { oneLine } from '../one-line.ts';

export const diff: CliCommand = {
  usage: 'diff [former] [latter]',
  summary: 'compare two versions of a service: what breaks, packages, sizes',
  options: [
    {
      flags: '--registry <registry>',
      description: 'compare with the newest version in this registry that is not above it',
    },
    { flags: '--exit-code', description: 'end with exit code 2 where a change breaks' },
    { flags: '--json', description: 'print the comparison as JSON' },
  ],
  examples: [
    'nstack diff',
    'nstack diff ClickAnalytics:1.0.0 ClickAnalytics:1.1.0',
    'nstack diff ClickAnalytics:1.1.0 registry.example.com/team/ClickAnalytics:1.0.0',
    'nstack diff --registry=registry.example.com/team --exit-code',
    'nstack diff ClickAnalytics:1.0.0 ./services/click --json',
  ],
  async run(context, sides, options) {
    const [{ resolve }, { compareSides, diffWords }, { connectRegistry }] = await Promise.all([
      import('node:path'),
      import('../../builder/index.ts'),
      import('../../registry/index.ts'),
    ]);
    const { cwd, env, signal, stdout, stderr } = context;
    const compared = await compareSides(
      {
        sides,
        registry: typeof options.registry === 'string' ? options.registry : undefined,
        folder: cwd,
        resolve: (path) => resolve(cwd, path),
      },
      {
        async engine() {
          const { connectEngine } = await import('../../engine/index.ts');
          return connectEngine({ signal });
        },
        registry: (host) =>
          connectRegistry(host, { signal, env, onProgress: (text) => stderr.write(`${text}\n`) }),
      },
    );
    if (options.json === true) stdout.write(`${JSON.stringify(compared, undefined, 2)}\n`);
    else
      stdout.write(
        `${diffWords(compared)
          .map((line) => oneLine(line))
          .join('\n')}\n`,
      );
    return options.exitCode === true && compared.breaking ? 2 : 0;
  },
};
