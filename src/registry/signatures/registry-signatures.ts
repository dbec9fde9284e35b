import { buffer } from 'node:stream/consumers';
import { mediaTypes } from '../oci/media-types.ts';
import type { Descriptor, OciRegistry, OutgoingBlob } from '../oci/oci-registry.ts';
import { outgoing } from '../oci/referrers.ts';
import { envelopeType } from './dsse.ts';
import type { ImageSignature } from './simple-signing.ts';

/*
 * Where cosign keeps what belongs to an image: in the same repository, an image of its own under a tag made of the digest, each signature a layer of it
 * (github.com/sigstore/cosign, specs/SIGNATURE_SPEC.md and ATTESTATION_SPEC.md).
 */

const payloadType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const signatureKey = 'dev.cosignproject.cosign/signature';
/** A payload is some 250 bytes; a registry that sends megabytes means no good. */
const mostPayload = 64 * 1024;
const mostSignatures = 100;

/** The signatures of the manifest with this digest; none where nobody has signed it. */
export async function readSignatures(
  registry: OciRegistry,
  repository: string,
  digest: string,
): Promise<readonly ImageSignature[]> {
  const held = await layersAt(registry, repository, tagOf(digest, 'sig'));
  const layers = held.filter(
    ({ mediaType, size, annotations }) =>
      mediaType === payloadType && size <= mostPayload && annotations?.[signatureKey] !== undefined,
  );
  return Promise.all(
    layers.slice(0, mostSignatures).map(async (layer) => ({
      payload: await buffer(await registry.blob(repository, layer)),
      signature: Buffer.from(layer.annotations?.[signatureKey] ?? '', 'base64'),
    })),
  );
}

/** Adds a signature to those of a manifest. */
export async function addSignature(
  registry: OciRegistry,
  repository: string,
  digest: string,
  { payload, signature }: ImageSignature,
): Promise<void> {
  const annotations = { [signatureKey]: signature.toString('base64') };
  await addLayer(registry, repository, tagOf(digest, 'sig'), {
    ...outgoing(payload, payloadType),
    annotations,
  });
}

/** Adds a signed statement to those about a manifest; one of the same kind gives way to it. */
export async function addAttestation(
  registry: OciRegistry,
  repository: string,
  digest: string,
  { envelope, predicateType }: { readonly envelope: Uint8Array; readonly predicateType: string },
): Promise<void> {
  const annotations = { [signatureKey]: '', predicateType };
  const layer = { ...outgoing(envelope, envelopeType), annotations };
  await addLayer(
    registry,
    repository,
    tagOf(digest, 'att'),
    layer,
    (one) => one.annotations?.predicateType === predicateType,
  );
}

async function addLayer(
  registry: OciRegistry,
  repository: string,
  tag: string,
  layer: OutgoingBlob,
  replaces: (one: Descriptor) => boolean = () => false,
): Promise<void> {
  const there = (await layersAt(registry, repository, tag)).filter((one) => !replaces(one));
  const { open: _, ...descriptor } = layer;
  const layers = [...there, descriptor];
  const config = outgoing(configOf(layers), mediaTypes.config);
  await registry.pushBlob(repository, layer);
  await registry.pushBlob(repository, config);
  const { open: __, ...configDescriptor } = config;
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config: configDescriptor, layers };
  await registry.putManifest(repository, tag, Buffer.from(JSON.stringify(manifest)), mediaTypes.manifest);
}

/** The config that cosign gives such an image. */
function configOf(layers: readonly Descriptor[]): Buffer {
  const created = '0001-01-01T00:00:00Z';
  return Buffer.from(
    JSON.stringify({
      architecture: '',
      created,
      history: layers.map(() => ({ created })),
      os: '',
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
      config: {},
    }),
  );
}

async function layersAt(
  registry: OciRegistry,
  repository: string,
  tag: string,
): Promise<readonly Descriptor[]> {
  const held = await registry.manifest(repository, tag);
  if (held === undefined) return [];
  const { layers }: { readonly layers?: readonly Descriptor[] } = JSON.parse(
    Buffer.from(held.bytes).toString('utf8'),
  );
  return Array.isArray(layers) ? layers : [];
}

/** `sha256-HEX.sig` */
function tagOf(digest: string, kind: 'sig' | 'att'): string {
  return `${digest.replace(':', '-')}.${kind}`;
}
