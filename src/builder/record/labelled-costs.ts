import type { LayerRecord } from '../image/layer-records.ts';
import type { LayerCost } from './build-record.ts';
import { explainedLayers } from './input-parts.ts';

/** The sizes of an image's layers, as its label tells them. */
export function labelledCosts(records: readonly LayerRecord[]): readonly LayerCost[] {
  return explainedLayers.flatMap((layer) => {
    const own = records.filter(({ name }) => name === layer);
    return own.length === 0 ? [] : [{ layer, bytes: own.reduce((sum, { size }) => sum + size, 0) }];
  });
}
