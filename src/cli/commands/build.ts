import type { BegunBuild } from '../../builder/begin-build.ts';
import type { BuildResult, BuiltService } from '../../builder/index.ts';
import { cacheOptions } from '../cache-places.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { secretOption } from '../secrets-given.ts';

export const build: CliCommand = {
  usage: 'build [folder]',
  summary: 'build a service: its packages, its image, and the proof that it keeps its API',
  options: [
    { flags: '--force', description: 'build though nothing changed, with the packages of nstack.lock' },
    {
      flags: '--frozen',
      description: 'for CI: fail where nstack.lock is missing or does not fit, and write nothing',
    },
    {
      flags: '--no-warm',
      description: 'compile in a container of its own, not in the builder that is kept for ten minutes',
    },
    {
      flags: '--explain',
      description: 'say of each layer which file or key it was built for, and what it cost',
    },
    secretOption,
    ...cacheOptions,
    { flags: '--json', description: 'print the result as JSON on stdout, and no progress' },
  ],
  examples: [
    'nstack build',
    'nstack build --explain',
    'nstack build --secret=INDEX_TOKEN=env:CI_TOKEN',
    'nstack build examples/flights/clean --json',
    'nstack build --ci --cache-from=registry.example.com/team/cache --cache-to=registry.example.com/team/cache',
  ],
  async run(context, [folder = '.'], options) {
    const readSince = Date.now();
    const { resolve } = await import('node:path');
    const root = resolve(context.cwd, folder);
    const force = options.force === true;
    const explain = options.explain === true;
    const frozen = options.frozen === true;
    // Other secrets may make another image of the same folder, and a cache is filled with what is there.
    let begun: BegunBuild | undefined;
    if (!force && !explain && !frozen && options.secret === undefined && options.cacheTo === undefined) {
      const { knownFolder } = await import('../../builder/known-folder.ts');
      const known = await knownFolder(root);
      if (known?.service !== undefined) return tell(context, { ...asFound, service: known.service }, options);
      if (known !== undefined) {
        // What the engine does for an image takes as long as loading the builder here, which would keep it waiting.
        const { beginBuild } = await import('../../builder/begin-build.ts');
        begun = beginBuild(known.expected, context.signal);
        await begun.sent;
      }
    }
    const { buildHere } = await import('../build-here.ts');
    const built = await buildHere(context, root, options, {
      readSince,
      begun,
      force,
      frozen,
      explain,
      // A machine that is thrown away after the build has no use for what stays.
      warm: options.warm !== false && context.env.CI === undefined,
    }).finally(() => begun?.end());
    if (explain && options.json !== true) {
      const { explainedLayers } = await import('../explained-layers.ts');
      context.stdout.write(explainedLayers(built.layers));
    }
    return tell(context, built, options);
  },
};

type Told = Omit<BuildResult, 'service'> & { readonly service: BuiltService };

/** What is told where nothing was built, nor read. */
const asFound = { changed: false, seconds: 0, steps: [], warnings: [], layers: [] } as const;

function tell({ stdout, stderr, report }: CliContext, built: Told, { json, explain }: CliOptions): number {
  const { changed, seconds, steps, warnings, lock } = built;
  const { name, version, image, imageId, size } = built.service;
  const explained = explain === true ? { layers: built.layers } : {};
  const result = {
    name,
    version,
    image,
    imageId,
    size,
    changed,
    seconds,
    steps,
    warnings,
    lock,
    ...explained,
  };
  report?.tell({ event: 'result', result });
  if (json === true) {
    stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    return 0;
  }
  const how = changed ? `built in ${seconds.toFixed(1)} s, ${Math.round(size / 1e6)} MB` : 'nothing changed';
  stderr.write(`${name} ${version}: ${how}\n`);
  return 0;
}
