/**
 * `nstack build` on a machine that has nothing of nstack's, as a CI job would: where the build cache of an earlier job is in a folder and the code changed since, beside the same without a
 * cache, which makes base image, packages and compiler from Debian's. All images that nstack has made are removed from the engine before each build, those of other services too, and so this
 * asks for a flag. Needs dist/ (npm run build) and a container engine. Goal: 15 s.
 *
 *   node bench/fresh-runner.ts --remove-images [--rounds=3]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { greeterManifest, greeters } from './support/greeter.ts';
import { measure, median, numberFlag } from './support/measure.ts';
import { program } from './support/nstack.ts';

const docker = new Docker();

if (process.argv.includes('--remove-images')) await compare(numberFlag('rounds', 3));
else process.stdout.write('Left out: it removes all images of nstack. --remove-images says that it may.\n');

async function compare(rounds: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'nstack-bench-fresh-'));
  try {
    for (const [language, { file, code }] of Object.entries(greeters)) {
      const folder = join(root, language);
      const cache = join(root, `${language}-cache`);
      await mkdir(folder);
      await writeFile(join(folder, 'nstack.yaml'), greeterManifest(`BenchFresh${language}`, language));
      const build = async (round: number, ...options: readonly string[]) => {
        await writeFile(join(folder, file), code(round));
        await removeImages();
        // A runner's own folder for what is kept between builds is empty too.
        const own = await mkdtemp(join(root, 'runner-'));
        const env = [`XDG_CACHE_HOME=${own}`, 'CI=true'];
        const { seconds } = await measure('env', [
          ...env,
          process.execPath,
          program,
          'build',
          folder,
          '--ci',
          ...options,
        ]);
        await rm(own, { recursive: true });
        return seconds;
      };
      await build(0, `--cache-to=${cache}`);
      const warm: number[] = [];
      const bare: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        warm.push(await build(round, `--cache-from=${cache}`));
        bare.push(await build(round));
      }
      const [withCache, without] = [median(warm), median(bare)];
      process.stdout.write(
        `${language.padEnd(8)} code changed, with the cache ${withCache.toFixed(1)} s   without ${without.toFixed(1)} s   ${(withCache / without).toFixed(2)}x\n`,
      );
    }
  } finally {
    await removeImages();
    await rm(root, { recursive: true, force: true });
  }
}

/** All that nstack has put into the engine, but for images that a container runs. */
async function removeImages(): Promise<void> {
  for (let left = -1; ; ) {
    const images = (await docker.listImages({ all: true })).filter(isOwn);
    if (images.length === 0 || images.length === left) return;
    left = images.length;
    for (const { Id } of images)
      await docker
        .getImage(Id)
        .remove({ force: true })
        .catch(() => {});
  }
}

function isOwn({ RepoTags, Labels }: Docker.ImageInfo): boolean {
  const tags = RepoTags ?? [];
  return (
    tags.some((tag) => tag.startsWith('nstack/') || tag.startsWith('nstack-unfinished/')) ||
    Object.keys(Labels ?? {}).some((label) => label.startsWith('io.nstack.'))
  );
}
