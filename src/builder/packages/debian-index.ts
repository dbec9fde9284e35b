import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { hexOf, NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { type PackageIndex, packageIndexCommand, parsePackageIndex } from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import { layerTar } from '../image/layer.ts';
import { entryText } from '../image/tar-entries.ts';
import { writeWhole } from '../write-whole.ts';
import type { HostNetwork } from './host-network.ts';

export interface DebianIndexOptions {
  readonly base: BaseImage;
  /** Where the index is kept. */
  readonly folder: string;
  readonly network: HostNetwork;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
  /** Ask Debian again, however new the kept index is. */
  readonly refresh?: boolean;
}

/** Stable releases change their list of packages a few times a year. */
const day = 24 * 3_600_000;

/**
 * What Debian offers on a base image: apt is asked inside a container of it, once a day, and the answer is kept as a file. Where Debian
 * cannot be reached an older answer serves. Fails with `build-failed` where there is none.
 */
export async function debianIndex(
  engine: ContainerEngine,
  options: DebianIndexOptions,
): Promise<PackageIndex> {
  const file = join(options.folder, `debian-${hexOf(options.base.id).slice(0, 16)}.tsv`);
  const age = await ageOf(file);
  if (age !== undefined && age < day && options.refresh !== true)
    return parsePackageIndex(await readFile(file, 'utf8'));
  try {
    const text = await askDebian(engine, options);
    await writeWhole(file, text);
    return parsePackageIndex(text);
  } catch (error) {
    options.signal.throwIfAborted();
    if (age === undefined) throw error;
    options.onLine('Debian cannot be reached; its list of packages of an earlier day serves');
    return parsePackageIndex(await readFile(file, 'utf8'));
  }
}

const folder = '/.nstack/index';

async function askDebian(
  engine: ContainerEngine,
  { base, network, onLine, signal }: DebianIndexOptions,
): Promise<string> {
  const lines: string[] = [];
  const task = {
    image: base.reference,
    purpose: 'ask Debian for its list of packages',
    command: [
      '/bin/sh',
      '-euc',
      `mkdir -p ${folder}; apt-get update -q -o Acquire::Languages=none; ${packageIndexCommand} >${folder}/packages.tsv`,
    ],
    env: network.proxies,
    workdir: '/',
    files: layerTar([]),
    outcome: folder,
    access: 'as a builder',
    onLine(line: string) {
      lines.push(line);
      onLine(line);
    },
  } as const;
  const text = await engine.runTask(
    task,
    async (outcome) => (outcome.code === 0 ? onlyFile(await outcome.files()) : undefined),
    signal,
  );
  if (text) return text;
  const tail = lines.slice(-20).map((line) => `\n  | ${line}`);
  throw new NstackError('build-failed', `Debian gives no list of its packages${tail.join('')}`, {
    hint: 'check that the base image has Debian as a source, /etc/apt/sources.list, and that this machine reaches it',
  });
}

async function onlyFile(tar: Readable | undefined): Promise<string | undefined> {
  if (tar === undefined) return undefined;
  let text: string | undefined;
  const entries = extract();
  tar.on('error', (error) => entries.destroy(error));
  tar.pipe(entries);
  for await (const entry of entries) {
    if (entry.header.type === 'file') text = await entryText(entry);
    else entry.resume();
  }
  return text;
}

async function ageOf(file: string): Promise<number | undefined> {
  const status = await stat(file).catch(() => undefined);
  return status === undefined ? undefined : Date.now() - status.mtimeMs;
}
