import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { type InstalledPackages, noPackages, type PackageSystem } from '../../stacks/index.ts';
import { begun } from '../begun.ts';
import { layerTar } from '../image/layer.ts';
import { layerRecords } from '../image/layer-records.ts';
import { entryText } from '../image/tar-entries.ts';
import { type DebianStatus, packagesAfter, parseDebianStatus, systemOfFile } from './installed.ts';
import { type LayerStage, stagesContext } from './layer-stages.ts';
import { withBuiltImage } from './run-builder.ts';
import {
  loadStage,
  type PlannedStage,
  type StagesJob,
  type StandingImage,
  stageKey,
} from './stage-images.ts';

/** Has the engine's builder make one stage after the other, and gives each image the label that says which packages it has beyond the bottom. */
export async function toolchainStages(
  job: StagesJob,
  at: StandingImage,
  stages: readonly PlannedStage[],
): Promise<StandingImage> {
  const { engine, recipe, shared, options, bottom } = job;
  // What is copied alone is nstack's own. Asked while the builder works.
  const below = stages.some(({ stage }) => installs(stage))
    ? begun(toldBy(engine, bottom.reference, options.signal))
    : undefined;
  let standing = at;
  for (const { stage, asked } of stages) {
    const key = await stageKey(standing.image.id, asked, shared);
    const context = stagesContext([stage], standing.reference, shared);
    const on = standing;
    standing = await withBuiltImage(engine, context, recipe, options, async (reference, image) => {
      const now = below && (await toldBy(engine, reference, options.signal));
      const before = await below;
      const records = layerRecords(on.image);
      const own = image.layers.slice(on.image.layers.length);
      const parts = {
        key,
        on: { reference, image },
        layers: [],
        records: [...records, ...own.map((diffId) => ({ name: stage.name, key, diffId, size: 0 }))],
        packages: before && now ? packagesBetween(before, now) : noPackages,
      };
      return loadStage(engine, parts, { signal: options.signal });
    });
  }
  return standing;
}

/** Tools that several services share: packages of theirs are nobody's business. */
function installs({ name, dockerfile }: LayerStage): boolean {
  return name !== 'shared' && /^RUN /m.test(dockerfile);
}

function packagesBetween(below: ToldByImage, { debian, others }: ToldByImage): InstalledPackages {
  return packagesAfter(noPackages, { debian: { below: below.debian, now: debian }, others });
}

interface ToldByImage {
  readonly debian: DebianStatus;
  readonly others: ReadonlyMap<PackageSystem, string>;
}

const folder = '/tmp/nstack-told';

/** Reads what an image says of its packages in a container of it, since saving a compiler to read two files takes long. */
async function toldBy(engine: ContainerEngine, image: string, signal: AbortSignal): Promise<ToldByImage> {
  const script = `mkdir ${folder}; cp -r /var/lib/dpkg/status /.nstack/packages ${folder}; true`;
  const task = {
    image,
    purpose: `read what ${image} has`,
    command: ['/bin/sh', '-c', `{ ${script}; } 2>/dev/null`],
    env: {},
    workdir: '/',
    files: layerTar([]),
    outcome: folder,
    access: { memory: 256 * 1024 ** 2, pids: 64 },
    onLine: () => {},
  };
  return engine.runTask(
    task,
    async (outcome) => {
      const tar = await outcome.files();
      if (tar === undefined)
        throw new NstackError('build-failed', `${image} does not say which packages it has`, {
          hint: 'nstack builds on images of Debian, which have a shell and dpkg',
        });
      return readTold(tar);
    },
    signal,
  );
}

async function readTold(tar: Readable): Promise<ToldByImage> {
  let debian: DebianStatus = new Map();
  const others = new Map<PackageSystem, string>();
  const entries = extract();
  tar.on('error', (error) => entries.destroy(error));
  tar.pipe(entries);
  for await (const entry of entries) {
    const { name, type } = entry.header;
    const system = systemOfFile(name);
    if (type !== 'file') entry.resume();
    else if (system !== undefined) others.set(system, await entryText(entry));
    else debian = parseDebianStatus(await entryText(entry));
  }
  return { debian, others };
}
