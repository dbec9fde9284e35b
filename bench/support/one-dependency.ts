import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { labels } from '../../src/registry/index.ts';
import { measure } from './measure.ts';

/** One library of Debian's that a service gets in addition, by nstack and by a hand-written Dockerfile. */
export interface OneDependency {
  /** As nstack.yaml asks for it. */
  readonly wanted: string;
  /** Debian's package. */
  readonly debian: string;
}

/** The line of a Dockerfile that installs it, as one writes it by hand. */
export function installed(debian: string): string {
  return `USER root\nRUN apt-get update -q && apt-get install -y -q --no-install-recommends ${debian} && apt-get clean && rm -rf /var/lib/apt/lists/*\n`;
}

/** Milliseconds of `nstack build` in a folder whose nstack.yaml asks for the library in addition; nothing of it is left. */
export async function addByNstack(
  engine: ContainerEngine,
  folder: string,
  { wanted, debian }: OneDependency,
  build: () => Promise<number>,
): Promise<number> {
  const file = join(folder, 'nstack.yaml');
  const before = await readFile(file, 'utf8');
  const there = new Set((await withPackages(engine)).map(({ id }) => id));
  await writeFile(file, `${before}packages: [${JSON.stringify(wanted)}]\n`);
  try {
    return await build();
  } finally {
    await writeFile(file, before);
    await build();
    // Else the next run of the benchmark would install nothing.
    const made = (await withPackages(engine)).filter(({ id }) => !there.has(id));
    for (const { tags } of made.filter((image) => image.labels[labels.packages]?.includes(`"${debian}"`)))
      for (const tag of tags) await engine.removeImage(tag);
  }
}

/** Milliseconds of `docker build` of the same, with the files of the folder; no step of it is remembered, but the images it stands on are there. */
export async function addByDocker(context: string, dockerfile: string, tag: string): Promise<number> {
  await mkdir(context, { recursive: true });
  const file = join(context, 'Dockerfile.dependency');
  await writeFile(file, dockerfile);
  const options = ['-q', '--no-cache', '--network', 'host', '-f', file, '-t', tag];
  return (await measure('docker', ['build', ...options, context])).seconds * 1000;
}

async function withPackages(engine: ContainerEngine) {
  const images = await engine.seeImages({ label: labels.packages });
  return images.filter(({ tags }) => tags.some((tag) => tag.startsWith('nstack/layers:')));
}
