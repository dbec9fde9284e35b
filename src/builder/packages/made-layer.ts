import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LayerStage } from './layer-stages.ts';
import { checkName, type LayerEntry, layerEntries } from './rewrite/layer-entries.ts';
import { contentOf, type OpenArchive } from './rewrite/rewrite-layer.ts';
import { runStage } from './run-stage.ts';
import type { StagesJob } from './stage-images.ts';

/** What the steps of a stage have made, in a file. */
export interface MadeLayer {
  readonly archive: OpenArchive;
  /** Where what is in the layer is in the file, whiteouts among it, as engines write them: OCI image specification, "Whiteouts". */
  readonly entries: readonly LayerEntry[];
  /** dpkg's status before the steps; undefined where they had no part in it. */
  readonly statusBefore: string | undefined;
}

/** Makes the layer of a stage on an image, and hands it to `use`; the file is gone afterwards. It is put where the system has temporary files. Fails as {@link runStage}. */
export function withMadeLayer<T>(
  job: StagesJob,
  on: string,
  stage: LayerStage,
  use: (layer: MadeLayer) => Promise<T>,
): Promise<T> {
  return runStage(job, on, stage, ({ tar, taken }) =>
    withArchive(tar, job.options.signal, async (archive) => {
      const { size } = await archive.handle.stat();
      const outer = inside(await layerEntries(archive, { offset: 0, size }));
      return use(
        taken ? { archive, entries: outer, statusBefore: undefined } : await changes(archive, outer),
      );
    }),
  );
}

/** Hands a tar to `use` as a file, which is gone afterwards. */
export async function withArchive<T>(
  tar: Readable,
  signal: AbortSignal,
  use: (archive: OpenArchive) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-layer-'));
  try {
    const path = join(folder, 'layer.tar');
    await pipeline(tar, createWriteStream(path), { signal });
    const handle = await open(path);
    try {
      return await use({ path, handle });
    } finally {
      await handle.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is in the folder that an engine has handed over under its name. */
function inside(entries: readonly LayerEntry[]): readonly LayerEntry[] {
  const own = (path: string) => path.slice(path.indexOf('/') + 1);
  return entries
    .filter(({ path }) => path.includes('/'))
    .map((entry) => ({
      ...entry,
      path: own(entry.path),
      target: entry.type === 'link' ? own(entry.target) : entry.target,
    }));
}

/** What templates/stage/layer.sh says of the file system. */
async function changes(archive: OpenArchive, outcome: readonly LayerEntry[]): Promise<MadeLayer> {
  const part = (name: string) => {
    const entry = outcome.find(({ path }) => path === name);
    if (entry === undefined) throw new Error(`the steps of a build have left no ${name}`);
    return entry.content;
  };
  const removed = (await contentOf(archive, part('removed'))).toString('utf8').split('\0');
  for (const path of removed) checkName(path);
  const entries = await layerEntries(archive, part('layer.tar'));
  const statusBefore = (await contentOf(archive, part('status'))).toString('utf8');
  return { archive, entries: [...entries, ...whiteouts(removed, entries)], statusBefore };
}

/** A whiteout hides a folder with all that is in it, and so does whatever else has come in its place. */
function whiteouts(removed: readonly string[], entries: readonly LayerEntry[]): readonly LayerEntry[] {
  const replaced = new Set(entries.filter(({ type }) => type !== 'directory').map(({ path }) => path));
  const paths = new Set(removed.map((path) => posix.normalize(path)).filter((path) => path !== '.'));
  return [...paths]
    .filter((path) => !paths.has(posix.dirname(path)) && !replaced.has(posix.dirname(path)))
    .map((path) => ({
      path: posix.join(posix.dirname(path), `.wh.${posix.basename(path)}`),
      type: 'file',
      mode: 0o600,
      uid: 0,
      gid: 0,
      target: '',
      device: [0, 0],
      content: { offset: 0, size: 0 },
      xattrs: new Map(),
    }));
}
