import type { CliCommand } from '../command.ts';

export const outdated: CliCommand = {
  usage: 'outdated [folder]',
  summary: 'list locked packages of which there is something newer',
  options: [
    { flags: '--all', description: 'list the others too' },
    { flags: '--exit-code', description: 'exit with 2 where something is outdated' },
    { flags: '--json', description: 'print them as JSON' },
  ],
  examples: ['nstack outdated', 'nstack outdated services/score --json', 'nstack outdated --exit-code'],
  async run(context, [folder = '.'], options) {
    const [{ resolve }, { readManifest }, { outdatedPackages }] = await Promise.all([
      import('node:path'),
      import('../../manifest/index.ts'),
      import('../../builder/index.ts'),
    ]);
    const { signal, env, stdout, stderr } = context;
    const root = resolve(context.cwd, folder);
    const { manifest, file } = await readManifest(root);
    const news = await outdatedPackages({ root, manifest, manifestFile: file }, { env, signal });
    const rows = news.packages.filter(
      ({ locked, allowed = locked, newest = locked }) =>
        options.all === true || allowed !== locked || newest !== locked,
    );
    const isOutdated = news.packages.some(({ locked, newest = locked }) => newest !== locked);
    if (options.json === true) {
      stdout.write(`${JSON.stringify({ packages: rows, outOfReach: news.outOfReach }, undefined, 2)}\n`);
    } else {
      for (const host of news.outOfReach) stderr.write(`out of reach, and so not known: ${host}\n`);
      if (rows.length === 0) stderr.write(`${manifest.name}: nothing newer is known\n`);
      else {
        const { table } = await import('../table.ts');
        const cells = rows.map(({ system, name, part, locked, allowed = '-', newest = '-' }) => [
          name,
          part === 'toolchain' ? `${system} (toolchain)` : system,
          locked,
          allowed,
          newest,
        ]);
        stdout.write(table(['PACKAGE', 'SYSTEM', 'LOCKED', 'ALLOWED', 'NEWEST'], cells));
      }
    }
    return options.exitCode === true && isOutdated ? 2 : 0;
  },
};
