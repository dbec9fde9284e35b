import type { CliCommand } from '../command.ts';

export const check: CliCommand = {
  usage: 'check [folder]',
  summary: 'compare the declared API with the code, without running it',
  options: [{ flags: '--json', description: 'print the findings as JSON' }],
  examples: ['nstack check', 'nstack check examples/flights/clean --json'],
  async run(context, [folder = '.'], options) {
    const [{ resolve }, { readManifest }, { checkService, contractBroken }] = await Promise.all([
      import('node:path'),
      import('../../manifest/index.ts'),
      import('../../stacks/index.ts'),
    ]);
    const root = resolve(context.cwd, folder);
    const { manifest, file } = await readManifest(root);
    const findings = await checkService({ root, manifest, manifestFile: file });
    const broken = findings.some(({ severity }) => severity === 'error');
    if (options.json === true) {
      context.stdout.write(`${JSON.stringify({ service: manifest.name, broken, findings }, undefined, 2)}\n`);
      return broken ? 2 : 0;
    }
    if (broken) throw contractBroken(manifest.name, findings);
    const { showDiagnostics } = await import('../show-diagnostics.ts');
    showDiagnostics(context, findings);
    context.report?.tell({ event: 'result', result: { name: manifest.name, version: manifest.version } });
    const count = manifest.api.functions.length;
    const left = new Set(
      findings.filter(({ code }) => code === 'left-to-probe').map(({ message }) => message),
    ).size;
    const rest = left === 0 ? '' : `; ${left} left to the probe, which is part of nstack build`;
    context.stderr.write(
      `${manifest.name} keeps its API: ${count} function${count === 1 ? '' : 's'} checked${rest}\n`,
    );
    return 0;
  },
};
