import { setTimeout as pause } from 'node:timers/promises';
import type { SeenImage } from '../engine/engine.ts';
import { seeImagesAtOnce } from '../engine/see-images.ts';
import { labels } from '../registry/service.ts';
import { begun } from './begun.ts';
import type { ExpectedImage } from './expected-image.ts';
import { beginLoadAtOnce, type OpenLoad, type SentImage } from './image/begun-load.ts';
import { imageNow } from './image-now.ts';
import { type HeldLock, takeServiceLock } from './service-lock.ts';

/** What an engine is asked for as soon as something is known to be built, before what builds is loaded. */
export interface BegunBuild {
  readonly load: OpenLoad;
  /** The images of services; undefined where they are to be asked for in another way. */
  readonly images: Promise<readonly SeenImage[] | undefined>;
  /** What was sent by that load already; undefined where nothing was. */
  readonly sent: Promise<ExpectedLoad | undefined>;
  /** Takes back what the build has not taken over. */
  end(): Promise<void>;
}

/** An image that a build is expected to make, and the lock of its service, which its tag needs. */
export interface ExpectedLoad extends SentImage {
  readonly lock: HeldLock;
}

/** Begins a build, which is to be ended whatever comes of it. */
export function beginBuild(expected: ExpectedImage | undefined, signal: AbortSignal): BegunBuild {
  const load = beginLoadAtOnce(signal);
  const images = begun(seeImagesAtOnce({ label: labels.name }));
  // Whatever is the matter with a file, or with the lock, is the build's to say.
  const sent = sendExpected(expected, load).catch(() => undefined);
  return {
    load,
    images,
    sent,
    async end() {
      const expected = await sent;
      await load.cancel();
      await expected?.lock.release();
    },
  };
}

/** Milliseconds after which an engine that does not read is not waited for; an image is on its way after a few. */
const longestPause = 1_000;

/** Nothing is sent where another process builds the service just now. */
async function sendExpected(
  expected: ExpectedImage | undefined,
  load: OpenLoad,
): Promise<ExpectedLoad | undefined> {
  if (expected === undefined) return undefined;
  const image = await imageNow(expected);
  if (image === undefined) return undefined;
  const lock = await takeServiceLock(expected.name.toLowerCase());
  if (lock === undefined) return undefined;
  const loaded = begun(load.send(image));
  await Promise.race([load.handedOver, pause(longestPause, undefined, { ref: false })]);
  return { lock, image, loaded };
}
