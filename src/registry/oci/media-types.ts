/** Media types of the OCI image specification, and Docker's of the same meaning. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const;

/** What is asked for where a manifest is wanted. */
export const anyManifest = [
  mediaTypes.manifest,
  mediaTypes.dockerManifest,
  mediaTypes.index,
  mediaTypes.dockerIndex,
].join(', ');
