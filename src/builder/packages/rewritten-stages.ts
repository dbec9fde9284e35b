import type { PackageSystem } from '../../stacks/index.ts';
import { beginLoad } from '../image/begun-load.ts';
import { type LayerRecord, layerRecords } from '../image/layer-records.ts';
import {
  type DebianStatus,
  packagesAfter,
  packagesOf,
  parseDebianStatus,
  systemOfFile,
  type Told,
} from './installed.ts';
import { type MadeLayer, withMadeLayer } from './made-layer.ts';
import { contentOf, rewriteLayer } from './rewrite/rewrite-layer.ts';
import {
  loadStage,
  type PlannedStage,
  type StagesJob,
  type StandingImage,
  stageKey,
} from './stage-images.ts';

/** Makes the layer of one stage after the other, and an image of each, of its layer rewritten and of what the build says of itself. */
export async function rewrittenStages(
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
): Promise<StandingImage> {
  const { engine, options, shared } = job;
  const { signal } = options;
  if (stages.length === 0) {
    const key = await stageKey(at.image.id, undefined, shared);
    const packages = packagesOf(at.image);
    const parts = { key, on: at, layers: [], records: layerRecords(at.image), packages };
    return loadStage(engine, parts, { signal });
  }
  let standing = at;
  for (const { stage, asked } of stages) {
    const on = standing;
    const key = await stageKey(on.image.id, asked, shared);
    standing = await withMadeLayer(job, on.reference, stage, async (made) => {
      const begun = beginLoad(engine.loadImage, signal);
      try {
        const layer = await rewriteLayer(stage.name, made.archive, made.entries);
        const records = layer === undefined ? [] : [recordOf(layer, key)];
        const parts = {
          key,
          on,
          layers: layer === undefined ? [] : [layer],
          records: [...layerRecords(on.image), ...records],
          packages: packagesAfter(packagesOf(on.image), await toldBy(made)),
        };
        return await loadStage(engine, parts, { begun, signal });
      } finally {
        begun.cancel();
      }
    });
  }
  return standing;
}

function recordOf({ name, diffId, size }: Omit<LayerRecord, 'key'>, key: string): LayerRecord {
  return { name, key, diffId, size };
}

/** What is in a layer about packages. */
async function toldBy({ archive, entries, statusBefore }: MadeLayer): Promise<Told> {
  let now: DebianStatus | undefined;
  const others = new Map<PackageSystem, string>();
  for (const { path, content } of entries) {
    const system = path.startsWith('.nstack/packages/') ? systemOfFile(path) : undefined;
    if (system === undefined && path !== 'var/lib/dpkg/status') continue;
    const text = (await contentOf(archive, content)).toString('utf8');
    if (system === undefined) now = parseDebianStatus(text);
    else others.set(system, text);
  }
  const debian =
    now === undefined || statusBefore === undefined
      ? undefined
      : { below: parseDebianStatus(statusBefore), now };
  return { debian, others };
}
