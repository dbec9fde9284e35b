import type { CliCommand } from '../command.ts';

export const build: CliCommand = {
  usage: 'build [folder]',
  summary: 'build a service: its packages, its image, and the proof that it keeps its API',
  options: [
    { flags: '--force', description: 'build though nothing changed, with the newest packages' },
    { flags: '--json', description: 'print the result as JSON on stdout, and no progress' },
  ],
  examples: ['nstack build', 'nstack build examples/flights/clean --json'],
  async run(context, [folder = '.'], options) {
    const [
      { resolve },
      { readManifest },
      { connectEngine },
      { buildService },
      { createSteps },
      { showProgress },
    ] = await Promise.all([
      import('node:path'),
      import('../../manifest/index.ts'),
      import('../../engine/index.ts'),
      import('../../builder/index.ts'),
      import('../steps.ts'),
      import('../show-progress.ts'),
    ]);
    const { signal, stdout, stderr } = context;
    const root = resolve(context.cwd, folder);
    const [{ manifest, file }, engine] = await Promise.all([readManifest(root), connectEngine({ signal })]);
    const steps = createSteps(context, { quiet: options.json === true });
    const {
      service,
      changed,
      seconds,
      steps: times,
      warnings,
    } = await buildService(
      engine,
      { root, manifest, manifestFile: file },
      {
        signal,
        force: options.force === true,
        onProgress: (event) => showProgress(steps, event),
        async check(service) {
          const { checkService, contractBroken } = await import('../../stacks/index.ts');
          const findings = await checkService(service);
          if (findings.some(({ severity }) => severity === 'error'))
            throw contractBroken(manifest.name, findings);
        },
        async probe(_engine, image, service) {
          const { probeService } = await import('../../stacks/index.ts');
          await probeService(engine, image, service, { signal });
        },
      },
    );
    const { name, version, image, imageId, size } = service;
    if (options.json === true) {
      stdout.write(
        `${JSON.stringify({ name, version, image, imageId, size, changed, seconds, steps: times, warnings }, undefined, 2)}\n`,
      );
    } else {
      const { showDiagnostics } = await import('../show-diagnostics.ts');
      showDiagnostics(context, warnings);
      const how = changed
        ? `built in ${seconds.toFixed(1)} s, ${Math.round(size / 1e6)} MB`
        : 'nothing changed';
      stderr.write(`${name} ${version}: ${how}\n`);
    }
    return 0;
  },
};
