import { NstackError } from '../../core/index.ts';
import { layerRecords } from '../image/layer-records.ts';
import {
  type DebianStatus,
  packagesAfter,
  packagesOf,
  parseDebianStatus,
  systemOfFile,
} from './installed.ts';
import {
  copiesContext,
  isCopied,
  type LayerStage,
  type LayerStageName,
  stagesContext,
  stagesOfLayers,
} from './layer-stages.ts';
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

/**
 * Has the engine's builder make the stages, and makes an image of each, of its layers rewritten and of what the build says of itself. The engine saves an image with all that it stands on, so that
 * a layer that is copied as a whole is made on nothing; the others are made, and saved, together.
 */
export async function rewrittenStages(
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
): Promise<StandingImage> {
  if (stages.length === 0) return rewritten(job, at, stages, at.reference, at.image.layers.length);
  let standing = at;
  for (const together of builtTogether(stages)) {
    const given = together.map(({ stage }) => stage);
    const isCopy = given.every(isCopied);
    const context = (isCopy ? copiesContext : stagesContext)(given, standing.reference, job.shared);
    const on = standing;
    standing = await withBuiltImage(job.engine, context, job.recipe, job.options, (reference) =>
      rewritten(job, on, together, reference, isCopy ? 0 : on.image.layers.length),
    );
  }
  return standing;
}

/** Each that is copied by itself. */
function builtTogether(stages: readonly PlannedStage[]): readonly (readonly PlannedStage[])[] {
  const runs: PlannedStage[][] = [];
  for (const planned of stages) {
    const last = runs.at(-1);
    const alone = isCopied(planned.stage) || last?.some(({ stage }) => isCopied(stage));
    if (last === undefined || alone === true) runs.push([planned]);
    else last.push(planned);
  }
  return runs;
}

/** The stages' layers are those of the saved image from `depth` on. */
function rewritten(
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
  reference: string,
  depth: number,
): Promise<StandingImage> {
  return withSavedImage(job.engine, reference, job.options.signal, (saved) =>
    loadAll(job, at, stages, { saved, depth }),
  );
}

async function loadAll(
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
  { saved, depth }: { readonly saved: SavedImage; readonly depth: number },
): Promise<StandingImage> {
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
