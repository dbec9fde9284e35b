import { manifestFromJson, manifestToJson } from '../../../src/manifest/index.ts';
import { labels, type OciRegistry } from '../../../src/registry/index.ts';
import { mediaTypes } from '../../../src/registry/oci/media-types.ts';
import { outgoing } from '../../../src/registry/oci/referrers.ts';

/** Puts an image without layers in a registry, that says of itself what a service's image says: all that is read without its layers. */
export async function publishService(
  registry: OciRegistry,
  repository: string,
  manifest: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const checked = manifestFromJson(JSON.stringify({ stack: 'python', ...manifest }));
  const { name, version } = checked;
  const own = { [labels.name]: name, [labels.version]: version, [labels.manifest]: manifestToJson(checked) };
  await publishLabels(registry, repository, version, { ...own, ...more });
}

/** An image without layers that has these labels. */
export async function publishLabels(
  registry: OciRegistry,
  repository: string,
  tag: string,
  imageLabels: Readonly<Record<string, string>>,
): Promise<void> {
  const content = JSON.stringify({
    config: { Labels: imageLabels },
    rootfs: { type: 'layers', diff_ids: [] },
  });
  const blob = outgoing(Buffer.from(content), mediaTypes.config);
  await registry.pushBlob(repository, blob);
  const { mediaType, digest, size } = blob;
  const image = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType, digest, size },
    layers: [],
  };
  await registry.putManifest(repository, tag, Buffer.from(JSON.stringify(image)), mediaTypes.manifest);
}
