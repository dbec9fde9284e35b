import type { SeenImage } from '../../engine/index.ts';
import { labels } from '../../registry/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import { type BuildSubject, inputsDigest } from '../build-subject.ts';
import { labelledLayers } from '../image/layer-records.ts';
import type { StepTime } from '../progress.ts';
import { type BuildRecord, type LayerCost, readRecord, writeRecord } from './build-record.ts';
import { type Before, explainLayers, type LabelledLayers, type LayerExplanation } from './explain-layers.ts';
import { type ExplainedLayer, inputParts, packageLayers } from './input-parts.ts';
import { labelledCosts } from './labelled-costs.ts';

/** What the image that is there was made of, as far as this machine knows. */
export async function whatWas(reference: string, existing: SeenImage | undefined): Promise<Before> {
  if (existing === undefined) return 'no image';
  return (await readRecord(reference, existing.labels[labels.inputs] ?? '')) ?? 'built elsewhere';
}

export interface Built {
  readonly before: Before;
  readonly base: BaseImage;
  readonly steps: readonly StepTime[];
  /** The image that had the name before, and the one that has it now. */
  readonly existing: SeenImage | undefined;
  readonly image: Pick<SeenImage, 'labels'>;
}

/** Keeps what a build was made of, for the next one to be compared with, and explains it by the one before. */
export async function recordBuild(
  subject: BuildSubject,
  { before, base, steps, existing, image }: Built,
): Promise<readonly LayerExplanation[]> {
  const parts = await inputParts(subject, base);
  const labelled = {
    was: existing === undefined ? [] : labelledLayers(existing),
    is: labelledLayers(image),
  };
  const costs = costsOf(typeof before === 'string' ? [] : before.costs, steps, labelled);
  const record: BuildRecord = { inputs: inputsDigest(subject, base.id), parts, costs };
  await writeRecord(subject.reference, record);
  return explainLayers(before, parts, costs, labelled);
}

/** Explains an image that is what a build would make: all of it is unchanged, whoever built it. */
export async function explainUnchanged(
  subject: BuildSubject,
  base: BaseImage,
  existing: SeenImage,
): Promise<readonly LayerExplanation[]> {
  const parts = await inputParts(subject, base);
  const before = await whatWas(subject.reference, existing);
  const layers = labelledLayers(existing);
  const costs = typeof before === 'string' ? labelledCosts(layers) : before.costs;
  return explainLayers({ inputs: '', parts, costs }, parts, costs, { was: layers, is: layers });
}

/** Which layer a step is for. The last one is the image as a whole: its config, and what the engine takes to load it. */
const layerOfStep: Readonly<Record<string, ExplainedLayer>> = {
  'prepare the compiler': 'compiler',
  'compile the code': 'code',
  'put the image together': 'image',
};

/** What was not made this time cost what it did then. The installation of several layers is not told apart. */
function costsOf(
  former: readonly LayerCost[],
  steps: readonly StepTime[],
  { was, is }: LabelledLayers,
): readonly LayerCost[] {
  const sizes = labelledCosts(is);
  const kept = former.filter(
    ({ layer }) => layer === 'compiler' || layer === 'image' || sizes.some((one) => one.layer === layer),
  );
  const costs = new Map(kept.map((cost) => [cost.layer, cost]));
  for (const { layer, bytes } of sizes)
    costs.set(layer, { ...costs.get(layer), layer, ...(bytes === undefined ? {} : { bytes }) });
  const keys = new Set(was.map(({ key }) => key));
  const installed = packageLayers.filter((layer) =>
    is.some(({ name, key }) => name === layer && !keys.has(key)),
  );
  const [only] = installed.length === 1 ? installed : [];
  for (const { step, seconds } of steps) {
    const layer = step === 'install the packages' ? only : layerOfStep[step];
    if (layer !== undefined) costs.set(layer, { ...costs.get(layer), layer, seconds });
  }
  return [...costs.values()];
}
