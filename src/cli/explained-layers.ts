import { bytesText, type LayerExplanation } from '../builder/index.ts';
import { table } from './table.ts';

/** A line a layer, from below. */
export function explainedLayers(layers: readonly LayerExplanation[]): string {
  const rows = layers.map(({ layer, state, because, seconds, bytes }) => [
    layer,
    state,
    seconds === undefined ? '' : `${seconds.toFixed(1)} s`,
    bytes === undefined ? '' : bytesText(bytes),
    because.join(', '),
  ]);
  return table(['LAYER', 'STATE', 'TOOK', 'SIZE', 'BECAUSE'], rows);
}
