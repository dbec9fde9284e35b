import type { SeenImage } from '../engine/engine.ts';
import { seeImagesAtOnce } from '../engine/see-images.ts';
import { labels } from '../registry/service.ts';
import { begun } from './begun.ts';
import { type BegunLoad, beginLoadAtOnce } from './image/begun-load.ts';

/** What an engine is asked for as soon as something is known to be built, before what builds is loaded. */
export interface BegunBuild {
  readonly load: BegunLoad;
  /** The images of services; undefined where they are to be asked for in another way. */
  readonly images: Promise<readonly SeenImage[] | undefined>;
}

/** Begins a build; `load` is to be taken back in the end. */
export function beginBuild(signal: AbortSignal): BegunBuild {
  return {
    load: beginLoadAtOnce(signal),
    images: begun(seeImagesAtOnce({ label: labels.name })),
  };
}
