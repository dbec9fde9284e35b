import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { hexOf, NstackError, quotedLines } from '../../core/index.ts';
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

/** Milliseconds that kept lists serve: stable releases change them a few times a year, and with every correction of a fault. */
export const listsLast = 24 * 3_600_000;

/**
 * What Debian offers on a base image: apt is asked inside a container of it, once a day, and the answer is kept as a file. Where Debian
 * cannot be reached an older answer serves. Fails with `build-failed` where there is none.
 */
export async function debianIndex(
  engine: ContainerEngine,
  options: DebianIndexOptions,
): Promise<PackageIndex> {
  const file = indexFile(options);
  const age = await ageOf(file);
  if (age !== undefined && age < listsLast && options.refresh !== true)
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

/** A tar of the lists that the index was made of, and of what apt has read out of them, as they lie below `/`; undefined where there are none of today. */
export async function debianLists(
  options: Pick<DebianIndexOptions, 'base' | 'folder'>,
): Promise<string | undefined> {
  const file = listsFile(options);
  const age = await ageOf(file);
  return age !== undefined && age < listsLast ? file : undefined;
}

function indexFile({ base, folder }: Pick<DebianIndexOptions, 'base' | 'folder'>): string {
  return join(folder, `debian-${hexOf(base.id).slice(0, 16)}.tsv`);
}

/** Where lists are kept, in the cache folder. */
export function listsKept(folder: string): string {
  return join(folder, 'lists');
}

function listsFile({ base, folder }: Pick<DebianIndexOptions, 'base' | 'folder'>): string {
  return join(listsKept(folder), `debian-${hexOf(base.id).slice(0, 16)}.tar`);
}

const outcome = '/.nstack/index';

const command = [
  `mkdir -p ${outcome}`,
  // Of a part of the sources nothing is to be installed all day.
  'apt-get update -q -o Acquire::Languages=none -o APT::Update::Error-Mode=any',
  `${packageIndexCommand} >${outcome}/packages.tsv`,
  // What apt has read out of them is not kept by every image: Debian's own for containers say so to apt.
  'read=$(cd /; ls var/cache/apt/srcpkgcache.bin 2>/dev/null || true)',
  `tar --create --file=${outcome}/lists.tar --directory=/ --exclude=lock --exclude=partial var/lib/apt/lists $read`,
];

/** Answers the text of the index, and keeps the lists. */
async function askDebian(engine: ContainerEngine, options: DebianIndexOptions): Promise<string> {
  const lines: string[] = [];
  const task = {
    image: options.base.reference,
    purpose: 'ask Debian for its list of packages',
    command: ['/bin/sh', '-euc', command.join('; ')],
    env: options.network.proxies,
    workdir: '/',
    files: layerTar([]),
    outcome,
    access: 'as a builder',
    onLine(line: string) {
      lines.push(line);
      options.onLine(line);
    },
  } as const;
  const text = await engine.runTask(
    task,
    async ({ code, files }) => (code === 0 ? takeIndex(await files(), listsFile(options)) : undefined),
    options.signal,
  );
  if (text) return text;
  throw new NstackError('build-failed', `Debian gives no list of its packages${quotedLines(lines)}`, {
    hint: 'check that the base image has Debian as a source, /etc/apt/sources.list, and that this machine reaches it',
  });
}

async function takeIndex(tar: Readable | undefined, lists: string): Promise<string | undefined> {
  if (tar === undefined) return undefined;
  let text: string | undefined;
  const entries = extract();
  tar.on('error', (error) => entries.destroy(error));
  tar.pipe(entries);
  for await (const entry of entries) {
    if (entry.header.name.endsWith('/packages.tsv')) text = await entryText(entry);
    else if (entry.header.name.endsWith('/lists.tar')) await writeWhole(lists, Readable.from(entry));
    else entry.resume();
  }
  return text;
}

async function ageOf(file: string): Promise<number | undefined> {
  const status = await stat(file).catch(() => undefined);
  return status === undefined ? undefined : Date.now() - status.mtimeMs;
}
