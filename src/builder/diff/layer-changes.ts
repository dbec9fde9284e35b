import type { LayerFacts } from './service-facts.ts';

/** A layer whose content differs, or that is in one image alone. Sizes are bytes of the uncompressed tars. */
export interface LayerChange {
  readonly name: string;
  /** Undefined where there was none. */
  readonly before: number | undefined;
  /** Undefined where there is none any more. */
  readonly after: number | undefined;
}

/** The layers that differ, from below, by name; several of one name count as one. Layers of equal content are left out. */
export function layerChanges(
  before: readonly LayerFacts[],
  after: readonly LayerFacts[],
): readonly LayerChange[] {
  const [was, is] = [before, after].map((layers) => Map.groupBy(layers, ({ name }) => name));
  const names = new Set([...(is?.keys() ?? []), ...(was?.keys() ?? [])]);
  return [...names]
    .map((name) => ({ name, former: was?.get(name), latter: is?.get(name) }))
    .filter(({ former, latter }) => idsOf(former) !== idsOf(latter))
    .map(({ name, former, latter }) =>
      Object.freeze({ name, before: sizeOf(former), after: sizeOf(latter) }),
    );
}

function idsOf(layers: readonly LayerFacts[] = []): string {
  return layers.map(({ diffId }) => diffId).join();
}

/** Bytes of all of them together. */
export function sizeOf(layers: readonly LayerFacts[] | undefined): number | undefined {
  return layers?.reduce((total, { size }) => total + size, 0);
}
