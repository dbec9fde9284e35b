import { NstackError } from '../../core/index.ts';
import { layerRecords } from '../image/layer-records.ts';
import {
  type DebianStatus,
  packagesAfter,
  packagesOf,
  parseDebianStatus,
  systemOfFile,
} from './installed.ts';
import { type LayerStage, type LayerStageName, stagesContext, stagesOfLayers } from './layer-stages.ts';
import { type LayerEntry, layerEntries } from './rewrite/layer-entries.ts';
import { contentOf, type OpenArchive, type RewrittenLayer, rewriteLayer } from './rewrite/rewrite-layer.ts';
import { withBuiltImage } from './run-builder.ts';
import { type SavedImage, withSavedImage } from './saved-image.ts';
import {
  loadStage,
  type PlannedStage,
  type StagesJob,
  type StandingImage,
  stageKey,
} from './stage-images.ts';

/** Has the engine's builder make all the stages at once, and makes an image of each, of its layers rewritten and of what the build says of itself. */
export function rewrittenStages(
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
): Promise<StandingImage> {
  const { engine, recipe, shared, options } = job;
  const rewrite = (reference: string) =>
    withSavedImage(engine, reference, options.signal, (saved) => loadAll(job, at, stages, saved));
  if (stages.length === 0) return rewrite(at.reference);
  const context = stagesContext(
    stages.map(({ stage }) => stage),
    at.reference,
    shared,
  );
  return withBuiltImage(engine, context, recipe, options, rewrite);
}

async function loadAll(
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
  saved: SavedImage,
): Promise<StandingImage> {
  const depth = at.image.layers.length;
  const names = stagesOfLayers(saved.history);
  if (stages.length > 0 && names.length !== saved.layers.length)
    throw new NstackError(
      'build-failed',
      `${job.engine.description} tells of ${names.length} layers of ${saved.layers.length} how they came about`,
    );
  const sizes = saved.layers.map(({ size }) => size);
  let standing = at;
  let debian = await debianStatus(saved, depth);
  const loadOne = async (layers: readonly RewrittenLayer<LayerStageName>[], asked?: LayerStage) => {
    const key = await stageKey(standing.image.id, asked, job.shared);
    const own = layers.map(({ layer }) => layer).filter((layer) => layer !== undefined);
    const entries = layers.flatMap((layer) => layer.entries);
    const now = await statusAmong(saved.archive, entries);
    const told = {
      debian: now === undefined ? undefined : { below: debian, now },
      others: await packagesTold(saved.archive, entries),
    };
    debian = now ?? debian;
    const records = own.map(({ name, diffId, size }) => ({ name, key, diffId, size }));
    const parts = {
      key,
      on: standing,
      layers: own,
      records: [...layerRecords(standing.image, sizes), ...records],
      packages: packagesAfter(packagesOf(standing.image), told),
    };
    standing = await loadStage(job.engine, parts, job.options.signal);
  };
  if (stages.length === 0) await loadOne([]);
  for (const { asked } of stages) {
    const layers: RewrittenLayer<LayerStageName>[] = [];
    for (const [index, range] of saved.layers.entries()) {
      if (index >= depth && names[index] === asked.name)
        layers.push(await rewriteLayer(asked.name, saved.archive, range));
    }
    // Under its key this image would be found for the stage ever after.
    if (layers.length === 0) throw new Error(`the stage ${asked.name} has made no layer`);
    await loadOne(layers, asked);
  }
  return standing;
}

/** What dpkg says in the lowest layers of an image. */
async function debianStatus({ archive, layers }: SavedImage, depth: number): Promise<DebianStatus> {
  for (const range of layers.slice(0, depth).toReversed()) {
    const status = await statusAmong(archive, await layerEntries(archive, range));
    if (status !== undefined) return status;
  }
  return new Map();
}

async function statusAmong(
  archive: OpenArchive,
  entries: readonly LayerEntry[],
): Promise<DebianStatus | undefined> {
  const entry = entries.findLast(({ path }) => path === 'var/lib/dpkg/status');
  return entry === undefined
    ? undefined
    : parseDebianStatus((await contentOf(archive, entry.content)).toString('utf8'));
}

async function packagesTold(archive: OpenArchive, entries: readonly LayerEntry[]) {
  const told = entries.map(async ({ path, content }) => {
    const system = path.startsWith('.nstack/packages/') ? systemOfFile(path) : undefined;
    return system === undefined
      ? []
      : [[system, (await contentOf(archive, content)).toString('utf8')] as const];
  });
  return new Map((await Promise.all(told)).flat());
}
