export { type BaseImage, type BaseImageOptions, baseReference, ensureBaseImage } from './base/base-image.ts';
export { type BuildResult, buildFolder, buildService } from './build.ts';
export type { BuildServiceOptions, ProbeFunction } from './build-subject.ts';
export type { BuiltService } from './built-service.ts';
export { initService } from './init.ts';
export type { BuildProgress, ProgressListener, StepTime } from './progress.ts';
export { type PushResult, pushService } from './push/push-service.ts';
