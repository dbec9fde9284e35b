import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOf, NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { tarStream } from '../image/tar-entries.ts';
import { type DebianPackage, readDebianStatus } from '../packages/debian-status.ts';
import { writeWhole } from '../write-whole.ts';

/** What an image of Debian's has installed. */
export interface DebianPackages {
  /** `debian-13` */
  readonly distro: string;
  readonly packages: readonly DebianPackage[];
}

export interface InstalledInImage {
  /** The image's id: what is found under it never changes, and is kept by it. */
  readonly imageId: string;
  readonly cacheFolder: string;
  readonly connect: () => Promise<ContainerEngine>;
  readonly signal: AbortSignal;
}

/** Debian's packages in an image, by its own dpkg, asked once. Fails with `engine-unavailable`, `service-unknown` or `build-failed`. */
export async function debianPackages(options: InstalledInImage): Promise<DebianPackages> {
  const { imageId, cacheFolder } = options;
  const file = join(cacheFolder, 'debian', `${hexOf(imageId)}.json`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept);
  const packages = await askImage(options);
  await writeWhole(file, JSON.stringify(packages));
  return packages;
}

async function askImage({ imageId, connect, signal }: InstalledInImage): Promise<DebianPackages> {
  const engine = await connect();
  const lines: string[] = [];
  const task = {
    image: imageId,
    purpose: 'see what an image has installed',
    command: ['/bin/cat', '/etc/os-release', '/var/lib/dpkg/status'],
    env: {},
    workdir: '/',
    files: tarStream(async () => {}),
    outcome: '/nstack-none',
    access: { memory: 64 * 1024 ** 2, pids: 8 },
    onLine: (line: string) => void lines.push(line),
  };
  const code = await engine.runTask(task, async (outcome) => outcome.code, signal);
  if (code !== 0)
    throw new NstackError(
      'build-failed',
      `what the image ${imageId} has installed cannot be read: exit code ${code}`,
      {
        hint: 'nstack describes images that stand on Debian',
      },
    );
  return parseStatus(lines.join('\n'));
}

/** The text of /etc/os-release and of dpkg's status file behind it. */
export function parseStatus(text: string): DebianPackages {
  const id = /^VERSION_ID="?([^"\n]+)/m.exec(text)?.[1];
  const packages = readDebianStatus(text).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { distro: id === undefined ? 'debian' : `debian-${id}`, packages };
}
