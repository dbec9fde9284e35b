import type { LayerRecord } from '../image/layer-records.ts';
import type { BuildRecord, LayerCost } from './build-record.ts';
import { type ExplainedLayer, explainedLayers, type InputPart, packageLayers } from './input-parts.ts';

/** Why a layer is as it is, and what it cost when it was made. */
export interface LayerExplanation {
  readonly layer: ExplainedLayer;
  /** `unknown`: the image was built on another machine, or too long ago. `removed`: the image before had it. */
  readonly state: 'unchanged' | 'rebuilt' | 'new' | 'removed' | 'unknown';
  /** `service.py changed`, `packages: + pip:numpy>=2`, `nstack itself: python shim`; empty where nothing was. */
  readonly because: readonly string[];
  readonly seconds?: number;
  /** Of the layer's tar, uncompressed. */
  readonly bytes?: number;
}

/** What a change of one layer makes anew above it. Files, code and shim are put together of files alone. */
const standsOn: Readonly<Partial<Record<ExplainedLayer, readonly ExplainedLayer[]>>> = {
  runtime: ['base'],
  os: ['base', 'runtime'],
  language: ['base', 'runtime', 'os'],
  commands: ['base', ...packageLayers.slice(0, -1)],
  compiler: ['base', ...packageLayers],
  code: ['compiler'],
  archive: [...packageLayers, 'compiler', 'code'],
};

/** What kind of image was there before. */
export type Before = BuildRecord | 'no image' | 'built elsewhere';

/** What the labels of the image before and of this one say of their layers. */
export interface LabelledLayers {
  readonly was: readonly LayerRecord[];
  readonly is: readonly LayerRecord[];
}

/**
 * Compares what an image is made of with what the one before was, layer by layer, from below. Where both images say which layers they have, that decides, on any machine, and
 * what is known of the inputs tells why.
 */
export function explainLayers(
  before: Before,
  parts: readonly InputPart[],
  costs: readonly LayerCost[],
  labelled: LabelledLayers = { was: [], is: [] },
): readonly LayerExplanation[] {
  const made = new Map<ExplainedLayer, LayerExplanation>();
  // Of layers of packages that the image does not have, it is what stands above that is rebuilt.
  let carried: readonly string[] = [];
  for (const layer of explainedLayers) {
    const own = [...carried, ...ownReasons(layer, before, parts)];
    const isShown = shows(layer, labelled, [...parts, ...costs]);
    carried = !isShown && packageLayers.some((one) => one === layer) ? own : [];
    if (!isShown) continue;
    const below = (standsOn[layer] ?? []).filter((one) => made.get(one)?.state === 'rebuilt').slice(-1);
    const reasons = [...new Set([...own, ...below.map((one) => `${one} rebuilt`)])];
    const state = labelledState(layer, before, labelled) ?? stateOf(before, reasons);
    const { seconds, bytes } = costs.find((cost) => cost.layer === layer) ?? {};
    made.set(layer, {
      layer,
      state,
      because: state === 'unchanged' ? [] : reasons,
      ...(seconds === undefined ? {} : { seconds }),
      ...(bytes === undefined ? {} : { bytes }),
    });
  }
  return [...made.values()];
}

/** The compiler and the image as a whole are no layers; whoever has no label goes by what is known of the inputs. */
function shows(
  layer: ExplainedLayer,
  { was, is }: LabelledLayers,
  known: readonly { readonly layer: ExplainedLayer }[],
): boolean {
  if (is.length === 0 || layer === 'compiler' || layer === 'image')
    return known.some((one) => one.layer === layer);
  return [...was, ...is].some(({ name }) => name === layer);
}

function labelledState(
  layer: ExplainedLayer,
  before: Before,
  { was, is }: LabelledLayers,
): LayerExplanation['state'] | undefined {
  if (before === 'no image' || was.length === 0) return undefined;
  const [old, now] = [was, is].map((layers) =>
    layers
      .filter(({ name }) => name === layer)
      .map(({ key }) => key)
      .join(),
  );
  if (old === '' && now === '') return undefined;
  if (old === now) return 'unchanged';
  if (now === '') return 'removed';
  return old === '' ? 'new' : 'rebuilt';
}

function stateOf(before: Before, reasons: readonly string[]): LayerExplanation['state'] {
  if (before === 'no image') return 'new';
  if (before === 'built elsewhere') return 'unknown';
  return reasons.length === 0 ? 'unchanged' : 'rebuilt';
}

function ownReasons(layer: ExplainedLayer, before: Before, after: readonly InputPart[]): readonly string[] {
  if (before === 'built elsewhere') return ['the image was built elsewhere'];
  if (before === 'no image') return [];
  const [was, is] = [before.parts, after].map(
    (parts) => new Map(parts.filter((part) => part.layer === layer).map((part) => [keyOf(part), part])),
  );
  const names = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  const reasons = names.flatMap((name) => reason(was?.get(name), is?.get(name)) ?? []);
  // A build writes the lock itself where something else is asked for.
  const others = reasons.filter((one) => !one.startsWith('nstack.lock '));
  return others.length === 0 ? reasons : others;
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
