import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions } from '../../registry/index.ts';
import { writeWhole } from '../write-whole.ts';

/** What a push needs to know of an image without asking an engine. */
export interface ImageRecord {
  readonly name: string;
  readonly version: string;
  /** The exact text of the image's config: its digest is the image's id. */
  readonly config: string;
  /** What it was built of, where the folder was a clean checkout; without credentials. */
  readonly origin?: SourceOrigin;
}

export interface SourceOrigin {
  /** The commit. */
  readonly revision: string;
  /** Where it was fetched from. */
  readonly source?: string;
}

/** Keeps what an image of a service is, in `images/` of the cache folder. */
export async function writeImageRecord(cacheFolder: string, record: ImageRecord): Promise<void> {
  const file = join(cacheFolder, 'images', fileOf(record.name, record.version));
  await writeWhole(file, JSON.stringify(record));
}

/** The record of the service in that version, or the newest that there is. */
export async function readImageRecord(
  cacheFolder: string,
  name: string,
  version: string | undefined,
): Promise<ImageRecord | undefined> {
  const folder = join(cacheFolder, 'images');
  const files = version === undefined ? await filesOf(folder, name) : [fileOf(name, version)];
  const records = await Promise.all(files.map((file) => readOne(join(folder, file))));
  return records
    .filter((record) => record?.name === name && (version === undefined || record.version === version))
    .sort((a, b) => compareVersions(b?.version ?? '', a?.version ?? ''))[0];
}

/** Forgets the record of one version: the service is deleted. */
export async function removeImageRecord(cacheFolder: string, name: string, version: string): Promise<void> {
  await rm(join(cacheFolder, 'images', fileOf(name, version)), { force: true });
}

async function filesOf(folder: string, name: string): Promise<readonly string[]> {
  const all: readonly string[] = await readdir(folder).catch(() => []);
  return all.filter((file) => file.startsWith(`${name.replace('/', '+')}@`));
}

/** Names that differ in case alone cannot both be built, so that a file system which ignores case does no harm. */
function fileOf(name: string, version: string): string {
  return `${name.replace('/', '+')}@${version}.json`;
}

/** What cannot be read is as good as nothing: the engine knows it too. */
async function readOne(file: string): Promise<ImageRecord | undefined> {
  try {
    const record: Partial<ImageRecord> = JSON.parse(await readFile(file, 'utf8'));
    const { name, version, config, origin } = record;
    if (typeof name !== 'string' || typeof version !== 'string' || typeof config !== 'string')
      return undefined;
    return { name, version, config, ...(origin === undefined ? {} : { origin }) };
  } catch {
    return undefined;
  }
}
