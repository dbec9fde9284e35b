import type { SeenImage } from '../../engine/index.ts';
import { labels } from '../../registry/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import { type BuildSubject, inputsDigest } from '../build-subject.ts';
import type { StepTime } from '../progress.ts';
import { type BuildRecord, type LayerCost, readRecord, writeRecord } from './build-record.ts';
import { type Before, explainLayers, type LayerExplanation } from './explain-layers.ts';
import { type ExplainedLayer, inputParts } from './input-parts.ts';
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
  /** The layers over the packages. Bytes of their tars. */
  readonly layers: readonly { readonly name: ExplainedLayer; readonly size: number }[];
}

/** Keeps what a build was made of, for the next one to be compared with, and explains it by the one before. */
export async function recordBuild(
  subject: BuildSubject,
  { before, base, steps, layers }: Built,
): Promise<readonly LayerExplanation[]> {
  const parts = await inputParts(subject, base);
  const former = typeof before === 'string' ? [] : before.costs;
  const costs = costsOf(former, steps, layers);
  const record: BuildRecord = { inputs: inputsDigest(subject, base.id), parts, costs };
  await writeRecord(subject.reference, record);
  return explainLayers(before, parts, costs);
}

/** Explains an image that is what a build would make; of one that was built elsewhere, its labels tell what it holds. */
export async function explainUnchanged(
  subject: BuildSubject,
  base: BaseImage,
  existing: SeenImage,
): Promise<readonly LayerExplanation[]> {
  const before = await whatWas(subject.reference, existing);
  const costs = typeof before === 'string' ? labelledCosts(existing.labels[labels.layers]) : before.costs;
  return explainLayers(before, await inputParts(subject, base), costs);
}

/** Which layer a step is for. The last one is the image as a whole: its config, and what the engine takes to load it. */
const layerOfStep: Readonly<Record<string, ExplainedLayer>> = {
  'install the packages': 'packages',
  'prepare the compiler': 'compiler',
  'compile the code': 'code',
  'put the image together': 'image',
};

/** What was not made this time cost what it did then. */
function costsOf(former: readonly LayerCost[], steps: readonly StepTime[], layers: Built['layers']) {
  const costs = new Map(former.map((cost) => [cost.layer, cost]));
  for (const { step, seconds } of steps) {
    const layer = layerOfStep[step];
    if (layer !== undefined) costs.set(layer, { ...costs.get(layer), layer, seconds });
  }
  for (const { name, size } of layers) costs.set(name, { ...costs.get(name), layer: name, bytes: size });
  return [...costs.values()];
}
