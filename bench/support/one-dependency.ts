import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readHostNetwork } from '../../src/builder/packages/host-network.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { labels } from '../../src/registry/index.ts';
import { measure } from './measure.ts';

/** One library that a service gets in addition, by nstack and by a hand-written Dockerfile. */
export interface OneDependency {
  /** As nstack.yaml asks for it. */
  readonly wanted: string;
  /** What its own system calls it: `libghc-split-dev`, `toposort`. */
  readonly name: string;
}

/** The line of a Dockerfile that installs one of Debian's, as one writes it by hand. */
export function installed(debian: string): string {
  return `USER root\nRUN apt-get update -q && apt-get install -y -q --no-install-recommends ${debian} && apt-get clean && rm -rf /var/lib/apt/lists/*\n`;
}

/** The file of a Dockerfile's context that holds the certificate authorities of this machine. */
const authorities = 'authorities.pem';

/** A Dockerfile of packages with pip beside them, which knows the certificate authorities of this machine. */
export function withPip(packages: string): string {
  return `FROM ${packages}\n${installed('python3-pip ca-certificates')}COPY ${authorities} /\nENV PIP_CERT=/${authorities}\n`;
}

/** The line that installs a package of PyPI's, as one writes it by hand. */
export function installedByPip(name: string): string {
  return `USER root\nRUN pip install --break-system-packages --no-cache-dir ${name}\n`;
}

/** Puts what {@link withPip} copies into a context. */
export async function writeAuthorities(context: string): Promise<void> {
  const { certificates } = await readHostNetwork();
  await writeFile(join(context, authorities), [...rootCertificates, certificates].join('\n'));
}

/** Milliseconds of `nstack build` in a folder whose nstack.yaml asks for the library in addition; nothing of it is left. */
export async function addByNstack(
  engine: ContainerEngine,
  folder: string,
  { wanted, name }: OneDependency,
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
    // The first build after one that wrote the lock looks at everything once more.
    await build();
    // Else the next run of the benchmark would install nothing.
    const made = (await withPackages(engine)).filter(({ id }) => !there.has(id));
    for (const { tags } of made.filter((image) => image.labels[labels.packages]?.includes(`"${name}"`)))
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
