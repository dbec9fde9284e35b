import type { ContainerEngine, ImageInfo, SeenImage } from '../engine/index.ts';
import { type Assembly, type AssemblyParts, assemble, loadAssembly } from './assemble.ts';
import { begun } from './begun.ts';
import type { BuildServiceOptions, BuildSubject } from './build-subject.ts';
import type { CheckStep } from './check-step.ts';
import type { BegunLoad } from './image/begun-load.ts';
import { removeReplaced } from './packages/leftovers.ts';
import { runStep, type StepTime } from './progress.ts';
import { packForPush } from './store/index.ts';
import { unfinishedReference, withUnfinished } from './unfinished-reference.ts';

export interface Registration {
  /** What the image is made of. */
  readonly parts: Omit<AssemblyParts, 'reference'>;
  /** Images of the engine, whose layers need not be sent. */
  readonly images: readonly SeenImage[];
  /** The image that has the name so far. */
  readonly existing: SeenImage | undefined;
  readonly check: CheckStep;
  /** A request to load an image, which the engine has already. */
  readonly load: BegunLoad | undefined;
  readonly options: BuildServiceOptions;
  readonly times: StepTime[];
}

/** Loads a service's image under an unfinished name, and gives it its own once both proofs are there: by the code as it is written, and by the code as it runs. */
export async function proveAndRegister(
  engine: ContainerEngine,
  subject: BuildSubject,
  { parts, images, existing, check, load, options, times }: Registration,
): Promise<{ readonly image: ImageInfo; readonly assembly: Assembly }> {
  const { folder, reference } = subject;
  const { signal, probe, onProgress } = options;
  const unfinished = unfinishedReference(reference);
  return withUnfinished(engine, unfinished, async (later) => {
    const { image, record, assembly } = await runStep(
      'put the image together',
      { onProgress, times },
      async () => {
        const assembly = await assemble(subject, { ...parts, reference: unfinished });
        const image = await loadAssembly(engine, assembly, { images, begun: load, signal });
        return { image, assembly, record: packForPush({ folder, ...assembly, signal }) };
      },
    );
    const given = new AbortController();
    const either = AbortSignal.any([signal, given.signal]);
    const proof = begun(probe(engine, unfinished, folder, either, later));
    // While the engine starts a container, this process would wait.
    await check.done().catch(async (error) => {
      given.abort();
      await Promise.allSettled([proof]);
      throw error;
    });
    await runStep('prove the contract', { onProgress, times }, () => proof);
    signal.throwIfAborted();
    await engine.tagImage(image.id, reference);
    later(record());
    if (existing !== undefined) later(removeReplaced(engine, existing.id));
    return { image, assembly };
  });
}
