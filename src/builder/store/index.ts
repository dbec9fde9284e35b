export {
  type ImageRecord,
  readImageRecord,
  removeImageRecord,
  type SourceOrigin,
  writeImageRecord,
} from './image-records.ts';
export { type LayerStore, openLayerStore, type StoredLayer } from './layer-store.ts';
export { packForPush } from './pack-for-push.ts';
export { layerBound, pruneLayers, surplusLayers } from './prune-layers.ts';
export { takeFromEngine } from './take-from-engine.ts';
