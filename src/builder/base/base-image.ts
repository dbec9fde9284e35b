import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type { Parent } from '../parent/find-parent.ts';
import { type ProgressListener, runStep } from '../progress.ts';

/** The image that every service is built on: Debian 13, slim. */
export const baseReference = 'nstack/base:trixie';

export interface BaseImage {
  readonly reference: string;
  /** `sha256:...` */
  readonly id: string;
  /** Where it is the image of another service. */
  readonly parent?: Parent;
}

export interface BaseImageOptions {
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
  /** Brings the image from where another machine has put it; undefined where it is not there. */
  readonly cached?:
    | ((reference: string, onLine: (line: string) => void) => Promise<ImageInfo | undefined>)
    | undefined;
}

/** Where the base image comes from. */
export const upstreamBase = 'docker.io/library/debian:trixie-slim';
/** A registry that says nothing for so long counts as out of reach; a slow download that moves does not. */
const silence = 10_000;

/**
 * The base image, made where it is not there yet: pulled where a registry can be reached, otherwise built from Debian's packages. It
 * gets its tag when it is whole. Fails with `build-failed`, saying what to install, or `interrupted`.
 */
export async function ensureBaseImage(
  engine: ContainerEngine,
  options: BaseImageOptions,
): Promise<BaseImage> {
  const present = await engine.inspectImage(baseReference);
  if (present !== undefined) return { reference: baseReference, id: present.id };
  const cached = await fromCache(options);
  if (cached !== undefined) return { reference: baseReference, id: cached.id };
  const pulled = await pullBase(engine, options);
  const id = pulled.kind === 'pulled' ? pulled.id : await bootstrapBase(engine, options, pulled.reason);
  return { reference: baseReference, id };
}

async function fromCache({ cached, onProgress }: BaseImageOptions): Promise<ImageInfo | undefined> {
  if (cached === undefined) return undefined;
  return runStep('look for the base image in the build cache', { onProgress }, (detail) =>
    cached(baseReference, detail),
  );
}

type Pulled =
  | { readonly kind: 'pulled'; readonly id: string }
  | { readonly kind: 'out-of-reach'; readonly reason: unknown };

async function pullBase(engine: ContainerEngine, { onProgress, signal }: BaseImageOptions): Promise<Pulled> {
  const before = await engine.inspectImage(upstreamBase);
  try {
    if (before === undefined)
      await runStep('pull the base image debian:trixie-slim', { onProgress }, (detail) =>
        withinSilence(signal, (alive, limit) =>
          engine.pullImage(
            upstreamBase,
            ({ text }) => {
              alive();
              detail(text);
            },
            limit,
          ),
        ),
      );
    const image = before ?? (await engine.inspectImage(upstreamBase));
    if (image === undefined) return { kind: 'out-of-reach', reason: undefined };
    await engine.tagImage(image.id, baseReference);
    if (before === undefined) await engine.removeImage(upstreamBase);
    return { kind: 'pulled', id: image.id };
  } catch (reason) {
    signal.throwIfAborted();
    return { kind: 'out-of-reach', reason };
  }
}

/** Aborts the work when it has not called `alive` for a while. */
async function withinSilence<T>(
  signal: AbortSignal,
  work: (alive: () => void, limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const giveUp = () => controller.abort(new Error(`nothing came for ${silence / 1000} seconds`));
  const timer = setTimeout(giveUp, silence);
  try {
    return await work(() => timer.refresh(), AbortSignal.any([signal, controller.signal]));
  } finally {
    clearTimeout(timer);
  }
}

async function bootstrapBase(
  engine: ContainerEngine,
  { onProgress, signal }: BaseImageOptions,
  unreachable: unknown,
): Promise<string> {
  const { bootstrapRoot } = await import('./bootstrap-root.ts');
  return runStep('build the base image from Debian packages', { onProgress }, async (detail) => {
    const unfinished = `nstack-unfinished/base:${process.pid}`;
    try {
      const id = await bootstrapRoot({ unreachable, onLine: detail, signal }, (rootfs) =>
        engine.importRoot(rootfs, unfinished, [
          'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        ]),
      );
      await engine.tagImage(id, baseReference);
      return id;
    } finally {
      await engine.removeImage(unfinished);
    }
  });
}
