import type { CliCommand } from '../command.ts';
import { secretOption } from '../secrets-given.ts';

export const upgrade: CliCommand = {
  usage: 'upgrade [folder] [package...]',
  summary: 'take newer packages, all or some, build with them, and lock them',
  options: [
    secretOption,
    { flags: '--json', description: 'print the result as JSON on stdout, and no progress' },
  ],
  examples: [
    'nstack upgrade',
    'nstack upgrade . pip:numpy apt:ffmpeg',
    'nstack upgrade services/score --json',
  ],
  async run(context, [folder = '.', ...packages], options) {
    const readSince = Date.now();
    const [{ resolve }, { buildHere }] = await Promise.all([import('node:path'), import('../build-here.ts')]);
    const root = resolve(context.cwd, folder);
    const names = packages.length === 0 ? 'all' : await lockedNames(root, packages);
    const { service, lock } = await buildHere(context, root, options, { readSince, upgrade: names });
    const { name, version } = service;
    const changes = lock?.changes ?? [];
    if (options.json === true)
      context.stdout.write(
        `${JSON.stringify({ name, version, image: service.image, changes }, undefined, 2)}\n`,
      );
    else if (changes.length === 0) context.stderr.write(`${name} ${version}: there is nothing newer\n`);
    return 0;
  },
};

/** The names as the lock has them, `pip:numpy`. Fails with `package-unknown` for what it does not have. */
async function lockedNames(root: string, packages: readonly string[]): Promise<readonly string[]> {
  const [{ NstackError }, { readManifest }, { lockedUnder, readLock }] = await Promise.all([
    import('../../core/index.ts'),
    import('../../manifest/index.ts'),
    import('../../builder/index.ts'),
  ]);
  const { manifest, file } = await readManifest(root);
  const lock = await readLock({ root, manifest, manifestFile: file });
  if (lock === undefined)
    throw new NstackError('lock-differs', `there is no nstack.lock beside ${file}: nothing is locked yet`, {
      hint: 'run `nstack build`, which takes what is newest and writes it',
    });
  return packages.flatMap((name) => {
    const found = lockedUnder(name, lock);
    if (found.length > 0) return found.map((one) => `${one.system}:${one.name}`);
    throw new NstackError('package-unknown', `nstack.lock of ${manifest.name} has no package ${name}`, {
      hint: '`nstack outdated` lists those that it has; the folder comes first: nstack upgrade . NAME',
    });
  });
}
