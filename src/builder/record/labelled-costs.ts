import type { LayerCost } from './build-record.ts';
import { type ExplainedLayer, explainedLayers } from './input-parts.ts';

/** Layers of packages, which are explained as one. */
const packages = new Set(['runtime', 'os', 'language', 'commands']);

/** The sizes of layers that an image's label `io.nstack.layers` tells; nothing where it has none, or another shape. */
export function labelledCosts(label: string | undefined): readonly LayerCost[] {
  const bytes = new Map<ExplainedLayer, number>();
  for (const { name, size } of parsed(label)) {
    const layer = packages.has(name) ? 'packages' : explainedLayers.find((one) => one === name);
    if (layer !== undefined) bytes.set(layer, (bytes.get(layer) ?? 0) + size);
  }
  return [...bytes].map(([layer, sum]) => ({ layer, bytes: sum }));
}

function parsed(label: string | undefined): readonly { readonly name: string; readonly size: number }[] {
  try {
    const layers: unknown = JSON.parse(label ?? '[]');
    return Array.isArray(layers) ? layers.filter(isLayer) : [];
  } catch {
    return [];
  }
}

function isLayer(one: unknown): one is { readonly name: string; readonly size: number } {
  return (
    typeof one === 'object' &&
    one !== null &&
    'name' in one &&
    typeof one.name === 'string' &&
    'size' in one &&
    typeof one.size === 'number'
  );
}
