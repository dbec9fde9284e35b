export { type BaseImage, type BaseImageOptions, baseReference, ensureBaseImage } from './base-image.ts';
export { type BuildResult, type BuildServiceOptions, buildService, type ProbeFunction } from './build.ts';
export { initService } from './init.ts';
export type { BuildProgress, ProgressListener, StepTime } from './progress.ts';
export { type PushResult, pushService } from './push.ts';
