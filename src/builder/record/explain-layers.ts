import type { BuildRecord, LayerCost } from './build-record.ts';
import { type ExplainedLayer, explainedLayers, type InputPart } from './input-parts.ts';

/** Why a layer is as it is, and what it cost when it was made. */
export interface LayerExplanation {
  readonly layer: ExplainedLayer;
  /** `unknown`: the image was built on another machine, or too long ago. */
  readonly state: 'unchanged' | 'rebuilt' | 'new' | 'unknown';
  /** `service.py changed`, `packages: + pip:numpy>=2`, `nstack itself: python shim`; empty where nothing was. */
  readonly because: readonly string[];
  readonly seconds?: number;
  /** Of the layer's tar, uncompressed. */
  readonly bytes?: number;
}

/** What a change of one layer makes anew above it. Files, code and shim are put together of files alone. */
const standsOn: Readonly<Partial<Record<ExplainedLayer, readonly ExplainedLayer[]>>> = {
  packages: ['base'],
  compiler: ['base', 'packages'],
  code: ['compiler'],
  archive: ['code', 'packages', 'compiler'],
};

/** What kind of image was there before. */
export type Before = BuildRecord | 'no image' | 'built elsewhere';

/** Compares what an image is made of with what the one before was, layer by layer, from below. `archive` has no inputs of its own. */
export function explainLayers(
  before: Before,
  parts: readonly InputPart[],
  costs: readonly LayerCost[],
): readonly LayerExplanation[] {
  const made = new Map<ExplainedLayer, LayerExplanation>();
  const has = (layer: ExplainedLayer) =>
    parts.some((part) => part.layer === layer) || costs.some((cost) => cost.layer === layer);
  for (const layer of explainedLayers.filter(has)) {
    const { seconds, bytes } = costs.find((cost) => cost.layer === layer) ?? {};
    const cost = { ...(seconds === undefined ? {} : { seconds }), ...(bytes === undefined ? {} : { bytes }) };
    const because = ownReasons(layer, before, parts);
    const below = (standsOn[layer] ?? [])
      .filter((one) => made.get(one)?.state === 'rebuilt')
      .map((one) => `${one} rebuilt`);
    made.set(layer, {
      layer,
      state: stateOf(before, because, below),
      because: [...because, ...below],
      ...cost,
    });
  }
  return [...made.values()];
}

function stateOf(
  before: Before,
  because: readonly string[],
  below: readonly string[],
): LayerExplanation['state'] {
  if (before === 'no image') return 'new';
  if (before === 'built elsewhere') return 'unknown';
  return because.length + below.length === 0 ? 'unchanged' : 'rebuilt';
}

function ownReasons(layer: ExplainedLayer, before: Before, after: readonly InputPart[]): readonly string[] {
  if (before === 'built elsewhere') return ['the image was built elsewhere'];
  if (before === 'no image') return [];
  const [was, is] = [before.parts, after].map(
    (parts) => new Map(parts.filter((part) => part.layer === layer).map((part) => [keyOf(part), part])),
  );
  const names = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  return names.flatMap((name) => reason(was?.get(name), is?.get(name)) ?? []);
}

/** There is one image that a service stands on, whatever it is called. */
function keyOf({ kind, name }: InputPart): string {
  return kind === 'image' ? kind : `${kind} ${name}`;
}

function reason(was: InputPart | undefined, is: InputPart | undefined): string | undefined {
  const part = is ?? was;
  if (part === undefined || was?.digest === is?.digest) return undefined;
  const how = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
  switch (part.kind) {
    case 'file':
      return `${part.name} ${how}`;
    case 'key':
      return `nstack.yaml: ${part.name} ${how}`;
    case 'own':
      return `nstack itself: ${part.name}`;
    case 'image':
      return `${part.name}: ${part.digest.slice(0, 'sha256:'.length + 12)}`;
    case 'entry':
      return part.name.replace(': ', is === undefined ? ': - ' : ': + ');
    default:
      return part.kind satisfies never;
  }
}
