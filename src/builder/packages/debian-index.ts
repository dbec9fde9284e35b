import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { hexOf, NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { type PackageIndex, packageIndexCommand, parsePackageIndex } from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import { entryText } from '../image/tar-entries.ts';
import { writeWhole } from '../write-whole.ts';
import { contextTar } from './build-context.ts';
import type { HostNetwork } from './host-network.ts';
import { removeStages, stageLabel, stageMark } from './leftovers.ts';

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

const path = 'packages.tsv';

async function askDebian(engine: ContainerEngine, options: DebianIndexOptions): Promise<string> {
  const mark = stageMark();
  const reference = `nstack-unfinished/index:${mark}`;
  const dockerfile = [
    `FROM ${options.base.reference} AS index`,
    // Another value each time also keeps the builder from answering with the list of an earlier day.
    'ARG NSTACK_STAGE',
    `LABEL ${stageLabel}=$NSTACK_STAGE`,
    'USER root',
    `RUN apt-get update -q && ${packageIndexCommand} >/${path} && rm -rf /var/lib/apt/lists /var/cache/apt`,
    'FROM scratch',
    `COPY --from=index /${path} /${path}`,
    '',
  ].join('\n');
  try {
    await engine.buildImage(contextTar({ dockerfile, files: [] }), {
      tag: reference,
      buildArgs: { ...options.network.proxies, NSTACK_STAGE: mark },
      labels: {},
      network: 'host',
      onProgress: ({ text }) => options.onLine(text),
      signal: options.signal,
    });
    return await onlyFile(await engine.saveImage(reference));
  } finally {
    await engine.removeImage(reference);
    await removeStages(engine, mark);
  }
}

/** The file in the one layer of a saved image: a tar in a tar. */
async function onlyFile(saved: Readable): Promise<string> {
  const images = extract();
  saved.on('error', (error) => images.destroy(error));
  saved.pipe(images);
  let text: string | undefined;
  for await (const part of images) {
    if (
      text !== undefined ||
      part.header.type !== 'file' ||
      /\.json$|repositories$|oci-layout$|VERSION$/.test(part.header.name)
    ) {
      part.resume();
      continue;
    }
    const layer = extract();
    part.pipe(layer);
    try {
      for await (const entry of layer) {
        if (entry.header.name !== path) entry.resume();
        else text = await entryText(entry);
      }
    } catch {
      // Blobs of newer engines have no names that say what they are: this one was no layer.
      part.resume();
    }
  }
  if (text !== undefined && text.length > 0) return text;
  throw new NstackError('build-failed', 'the list of Debian packages came back empty', {
    hint: 'check that the base image has Debian as a source: /etc/apt/sources.list',
  });
}

async function ageOf(file: string): Promise<number | undefined> {
  const status = await stat(file).catch(() => undefined);
  return status === undefined ? undefined : Date.now() - status.mtimeMs;
}
