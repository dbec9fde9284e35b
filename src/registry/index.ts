export { compareVersions, isVersion } from './compare-versions.ts';
export { findService, refuseNameInOtherCase, splitServiceReference } from './find-service.ts';
export { imageReference } from './image-reference.ts';
export { listServices } from './list-services.ts';
export { connectRegistry, type RegistryOptions } from './oci/connect-registry.ts';
export type { Credentials } from './oci/credentials.ts';
export { createHttp } from './oci/http.ts';
export { type RemoteImage, readImage } from './oci/image-manifest.ts';
export { mapAtMost } from './oci/map-at-most.ts';
export { mediaTypes } from './oci/media-types.ts';
export type * from './oci/oci-registry.ts';
export { artifactDigest, outgoing } from './oci/referrers.ts';
export { type OpenedService, type OpenServiceOptions, openService } from './open-service.ts';
export { plainFunction } from './plain-function.ts';
export { type PolicyFile, policyFile } from './policy/policy-file.ts';
export { type RunningImage, requireSigned } from './policy/require-signed.ts';
export { listPublished, type PublishedEntry } from './published/list-published.ts';
export {
  fullVersion,
  type PublishedService,
  publishedService,
  publishedVersions,
  unknownService,
} from './published/published-service.ts';
export {
  type PublishedReference,
  parsePublishedReference,
  parseReferenceAt,
  parseRegistryPlace,
  type RegistryPlace,
  repositoryOf,
} from './published/registry-place.ts';
export { labels, type RegisteredService } from './service.ts';
export { type Evidence, evidenceFolder, keepEvidence, readEvidence } from './signatures/evidence.ts';
export { type PublicKey, readPublicKey } from './signatures/public-key.ts';
export { readSignatures } from './signatures/registry-signatures.ts';
export { keepPublishedSignatures, type SignedImage, signPublished } from './signatures/sign-published.ts';
export { signedBy } from './signatures/signed-by.ts';
export { createKeyPair, readSigningKey, type SigningKey } from './signatures/signing-key.ts';
export { signDigest } from './signatures/simple-signing.ts';
export { isPreRelease, nextLine, predecessor, sameLine } from './version-line.ts';
