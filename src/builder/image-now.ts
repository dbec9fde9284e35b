import { statSync } from 'node:fs';
import { labels } from '../registry/service.ts';
import { buildLabels } from './build-label-names.ts';
import { type ExpectedImage, type ExpectedLayer, expectedFiles } from './expected-image.ts';
import type { ImageParts } from './image/image-archive.ts';
import { type Layer, type MeasuredLayer, measureLayer } from './image/layer.ts';
import type { LayerRecord } from './image/layer-records.ts';
import { sourceDigest, wholeDigest } from './input-digests.ts';

/** Bytes of files beyond which reading them once more, as the build does, takes longer than it saves. */
const mostBytes = 8 * 1024 * 1024;

/**
 * The image as the files are now, to be loaded over what the engine has of the one that was. Undefined where it is the same, where a layer above one that changed cannot be made anew, and where there is much
 * to read. Fails where a file cannot be read.
 */
export async function imageNow(expected: ExpectedImage): Promise<ImageParts | undefined> {
  const sizes = [...expectedFiles(expected)].map((file) => statSync(file).size);
  if (sizes.reduce((sum, size) => sum + size, 0) > mostBytes) return undefined;
  const layers = await Promise.all(expected.layers.map(layerNow));
  const now = recordsOf(expected).map((record) => {
    const index = expected.layers.findIndex(({ diffId }) => diffId === record.diffId);
    return { record, layer: layers[index] ?? record };
  });
  const first = now.findIndex(({ record, layer }) => layer.diffId !== record.diffId);
  const own = now.slice(first).map(({ layer }) => layer);
  if (first < 0 || !own.every(isMeasured)) return undefined;
  const records = now.map(({ record, layer: { diffId, size } }) =>
    diffId === record.diffId ? record : { ...record, key: diffId, diffId, size },
  );
  const diffIds = records.map(({ diffId }) => diffId);
  return {
    reference: expected.reference,
    config: changedConfig(expected, layers, records),
    below: diffIds.slice(0, first),
    layers: own,
  };
}

async function layerNow(layer: ExpectedLayer): Promise<ExpectedLayer | Layer<string>> {
  return layer.files === undefined ? layer : measureLayer(layer.name, layer.files);
}

function isMeasured(layer: MeasuredLayer): layer is Layer<string> {
  return 'open' in layer;
}

function recordsOf({ config }: ExpectedImage): readonly LayerRecord[] {
  return JSON.parse(config.config.Labels[labels.layers] ?? '[]');
}

function changedConfig(
  { config: whole, inputs, baseId, locked }: ExpectedImage,
  layers: readonly MeasuredLayer[],
  records: readonly LayerRecord[],
): Uint8Array {
  const changed = {
    [labels.inputs]: wholeDigest(inputs, layers, { baseId, locked }),
    [buildLabels.source]: sourceDigest(inputs, layers),
    [labels.layers]: JSON.stringify(records),
  };
  const config = { ...whole.config, Labels: { ...whole.config.Labels, ...changed } };
  const rootfs = { ...whole.rootfs, diff_ids: records.map(({ diffId }) => diffId) };
  return Buffer.from(JSON.stringify({ ...whole, config, rootfs }));
}
