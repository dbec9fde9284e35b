export { type BaseImage, type BaseImageOptions, baseReference, ensureBaseImage } from './base/base-image.ts';
export { type BuildResult, buildFolder, buildService } from './build.ts';
export type { BuildServiceOptions, ProbeFunction } from './build-subject.ts';
export type { BuiltService } from './built-service.ts';
export type { CachePlace } from './cache/image-place.ts';
export { openCachePlace } from './cache/open-cache-place.ts';
export { cacheFolder } from './cache-folder.ts';
export { type DeleteOptions, deleteService } from './delete-service.ts';
export {
  type NewVersion,
  type PublishedVersions,
  refuseBreaking,
  type Succession,
  succession,
} from './diff/accept-version.ts';
export { compareSides, type DiffRequest } from './diff/compare-sides.ts';
export type { ServiceDiff } from './diff/diff-services.ts';
export { bytes as shownBytes, diffWords, packageWords } from './diff/diff-words.ts';
export { type EjectOptions, ejectService } from './eject/eject-service.ts';
export { type Collected, type CollectOptions, collectGarbage } from './gc/collect-garbage.ts';
export { initService } from './init.ts';
export { lockedUnder } from './lock/lock-plan.ts';
export { readLock } from './lock/read-lock.ts';
export { outdatedPackages } from './outdated/outdated-packages.ts';
export type { BuildProgress, ProgressListener, StepTime } from './progress.ts';
export { type PulledImage, type PullOptions, type PullResult, pullService } from './pull/pull-service.ts';
export type { Published } from './push/published.ts';
export { type PushOptions, type PushResult, pushService } from './push/push-service.ts';
export { bytesText } from './push/show-bytes.ts';
export type { LayerExplanation } from './record/explain-layers.ts';
export { secretKeys, withBuildSecrets } from './secrets/index.ts';
export { type Attestation, attestations, basePackages } from './supply-chain/attestations.ts';
export { billOfMaterials, billType } from './supply-chain/bill-of-materials.ts';
export { secretSearch, shortestSecret } from './supply-chain/find-secrets.ts';
export { imageFacts } from './supply-chain/image-facts.ts';
export { removeBuilders } from './warm/remove-builders.ts';
